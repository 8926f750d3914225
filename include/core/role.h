/* role.h - who may do what: the roles of the house, and what each opens. Pure.
 *
 * Stopping is easy, starting is hard: what lessens sending is open to whoever works with
 * customers, what widens it to fewer. */
#ifndef CORE_ROLE_H
#define CORE_ROLE_H

#include <stdbool.h>

#include "base/err.h"
#include "core/offer.h"

enum staff_role {
	ROLE_NONE, /* nobody we know: metrics, status, and events of this very machine */
	ROLE_VIEWER,
	ROLE_AUDITOR,
	ROLE_ADVISOR,
	ROLE_SPECIALIST,
	ROLE_MARKETER,
	ROLE_MANAGER,
	ROLE_GENERAL_MANAGER,
	ROLE_ADMIN,
	ROLES
};

enum right {
	RIGHT_STATUS = 1,    /* counts, metrics, health */
	RIGHT_EVENT = 2,     /* tells what customers did */
	RIGHT_REPORT = 4,    /* reports, segments, what files were imported */
	RIGHT_CUSTOMER = 8,  /* one customer's story, tasks, offers; masked */
	RIGHT_WORK = 16,     /* reports tasks, asks for offers, redeems them */
	RIGHT_STOP = 32,     /* holds and recalls */
	RIGHT_PUBLISH = 64,  /* reloads, submits, imports, tries texts, lets go on */
	RIGHT_APPROVE = 128, /* agrees to what others wrote */
	RIGHT_HOUSE = 256,   /* leave of staff, merges, what nobody knows the fate of */
	RIGHT_ADMIN = 512,   /* tokens, erasing, acting for another */
	RIGHT_AUDIT = 1024,  /* who did what */
	RIGHT_ALL_STORES = 2048 /* what is about the whole house: nobody who is limited */
};

const char *role_name(int role); /* "nobody" for none */
/* By its name or another the house may use; ROLE_NONE: there is none. */
enum staff_role role_find(const char *word);
/* Their names, NULL-terminated, without "nobody". */
const char *const *role_names(void);
unsigned role_rights(int role); /* enum right */
/* What offers it may agree to. */
enum approval role_level(int role);
/* Only his own customers and tasks. */
bool role_own_only(int role);

/* A person the daemon can hold to his word. */
struct member {
	const char *name;
	enum staff_role role;
	const char **users;  /* of this machine, NULL-terminated */
	const char **stores; /* ids, NULL-terminated; none: every one */
	struct pos at;
};

#endif
