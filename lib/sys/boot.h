#ifndef SYS_BOOT_H
#define SYS_BOOT_H

/* Room for a boot's name, its NUL included. */
#define BOOT_ROOM 40

/*
 * Which boot of the machine this is: Linux's random boot id, which tells
 * whether two readings of the elapsed clock may be compared. "" where there
 * is none to read.
 */
void boot_id(char out[BOOT_ROOM]);

#endif
