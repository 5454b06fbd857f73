/* The header from two files of one program, and the place of every field. */
#include <paceline.h>

#include "../layout.h"
#include <paceline.h>

PacelineResult other_file(PacelineBatch *batch);

int main(void) {
    unsigned char memory[PACELINE_BATCH_HEADER_SIZE + PACELINE_BATCH_ROW_SIZE];
    PacelineBatch batch;
    PacelineConfiguration run = paceline_configuration(PACELINE_ACTIVITY_RUNNING, PACELINE_LOCATION_OUTDOOR);
    PacelineStoreOptions options = PACELINE_STORE_OPTIONS_INIT;
    PacelineSnapshot snapshot = PACELINE_SNAPSHOT_INIT;
    PacelineStore store;
    PacelineSession session;

    if (paceline_batch_begin(&batch, memory, sizeof memory, PACELINE_SOURCE_OWN, 1) != PACELINE_OK ||
        other_file(&batch) != PACELINE_OK || batch.size != sizeof memory) {
        return 1;
    }
    options.delivery = PACELINE_DELIVERY_POLL;
    if (paceline_store_open(&options, &store) != PACELINE_OK ||
        paceline_session_create(store, &run, &session) != PACELINE_OK ||
        paceline_session_snapshot(session, &snapshot) != PACELINE_OK || snapshot.state != PACELINE_STATE_NOT_STARTED) {
        return 1;
    }
    return paceline_session_release(session) != PACELINE_OK || paceline_store_release(store) != PACELINE_OK;
}
