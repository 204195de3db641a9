#include "cmd/axis.h"

#include <stdbool.h>
#include <stdio.h>

#include "cmd/money.h"

/* Cost Explorer's smallest amounts, and more than any bill. */
#define EXPONENT_MIN (-10)
#define EXPONENT_MAX 80

static struct decimal
times(const struct decimal *x, int n)
{
	struct decimal sum = decimal_zero();

	while (n-- > 0)
		(void)decimal_add(&sum, x);
	return sum;
}

/* How many steps reach the magnitude; most + 1 when more than most. */
static int
reach(const struct decimal *step, const struct decimal *amount, int most)
{
	struct decimal magnitude = decimal_magnitude(amount);
	struct decimal sum = decimal_zero();
	int n;

	for (n = 0; n <= most && decimal_compare(&sum, &magnitude) < 0; n++)
		(void)decimal_add(&sum, step);
	return n;
}

static bool
try_step(struct axis *axis, const struct decimal *least,
    const struct decimal *most, int ticks)
{
	axis->up = most->negative ? 0 : reach(&axis->step, most, ticks);
	axis->down = least->negative ? reach(&axis->step, least, ticks) : 0;
	if (axis->up == 0)
		axis->up = 1;
	return axis->up + axis->down <= ticks;
}

struct axis
axis_choose(const struct decimal *least, const struct decimal *most,
    int ticks)
{
	static const char digits[] = { '1', '2', '5' };
	bool flat = !least->negative && (most->negative ||
	    decimal_is_zero(most));
	struct axis axis = { .up = 1 };
	char text[16];
	size_t i;
	int k;

	for (k = flat ? 0 : EXPONENT_MIN; k <= EXPONENT_MAX; k++)
		for (i = 0; i < sizeof digits; i++) {
			(void)snprintf(text, sizeof text, "%ce%d", digits[i],
			    k);
			(void)decimal_parse(span_of(text), &axis.step);
			if (try_step(&axis, least, most, ticks))
				return axis;
		}
	return axis;
}

void
axis_label(const struct axis *axis, int i, struct buf *out)
{
	struct decimal at = times(&axis->step, i < 0 ? -i : i), one;

	at.negative = i < 0;
	(void)decimal_parse(span_of("1"), &one);
	if (decimal_compare(&axis->step, &one) < 0) {
		decimal_format(&at, out);
		return;
	}
	money_add(&at, out);
	if (out->fault == BUF_SOUND) {
		out->n -= sizeof ".00" - 1;
		out->p[out->n] = '\0';
	}
}

struct decimal
axis_span(const struct axis *axis)
{
	return times(&axis->step, axis->up + axis->down);
}
