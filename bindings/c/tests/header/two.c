#include <paceline.h>

PacelineResult other_file(PacelineBatch *batch);

PacelineResult other_file(PacelineBatch *batch) {
    PacelineSessionDelegate on_session = PACELINE_SESSION_DELEGATE_INIT;
    PacelineBuilderDelegate on_builder = PACELINE_BUILDER_DELEGATE_INIT;
    PacelineCompletion completion = PACELINE_COMPLETION_INIT;
    PacelineHostCallbacks host = PACELINE_HOST_CALLBACKS_INIT;
    PacelineLogSink sink = PACELINE_LOG_SINK_INIT;
    PacelinePredicate predicate = paceline_predicate();
    if (on_session.struct_size != sizeof on_session || on_builder.struct_size != sizeof on_builder ||
        completion.struct_size != sizeof completion || host.struct_size != sizeof host ||
        sink.struct_size != sizeof sink || predicate.starts_before != PACELINE_NO_DATE) {
        return PACELINE_ERROR_BOUNDARY_INTERNAL;
    }
    return paceline_batch_push(batch, PACELINE_TYPE_HEART_RATE, 0, 0, 60);
}
