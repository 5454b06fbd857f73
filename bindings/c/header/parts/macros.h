/* Marks what is deprecated, so that a compiler warns. Define it as nothing to hear no warnings. */
#ifndef PACELINE_DEPRECATED
#if defined(__GNUC__) || defined(__clang__)
#define PACELINE_DEPRECATED(note) __attribute__((deprecated(note)))
#elif defined(_MSC_VER)
#define PACELINE_DEPRECATED(note) __declspec(deprecated(note))
#else
#define PACELINE_DEPRECATED(note)
#endif
#endif
