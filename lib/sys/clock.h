#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Time as a capability. wall: UTC milliseconds since the epoch; may be wrong
 * or jump. elapsed: monotonic milliseconds that go on during suspend
 * (CLOCK_BOOTTIME). sleep: returns early when interrupted.
 */
struct clock {
	int64_t (*wall)(void *state);
	int64_t (*elapsed)(void *state);
	void (*sleep)(void *state, int64_t milliseconds);
	void *state;
};

/* The machine's clocks. */
const struct clock *clock_system(void);

int64_t clock_wall_ms(const struct clock *c);
int64_t clock_wall_seconds(const struct clock *c);
int64_t clock_elapsed_ms(const struct clock *c);
void clock_sleep_ms(const struct clock *c, int64_t milliseconds);

/* Sleep so long, or until interrupt_count() is another than came: false
 * then. */
bool clock_pause_ms(const struct clock *c, int64_t milliseconds, int came);

#endif
