-- Schema 1. Instants are milliseconds since 1970; ids are time-ordered
-- (milliseconds << 20 | sequence), so that new rows append. Columns named *_enc
-- are sealed; address hashes are keyed. Every table has one line above it.

-- ---- what runs ----

-- Single values by name.
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- The epoch: one higher at every start.
CREATE TABLE instance(node INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, boot_id TEXT NOT NULL);

-- held: messages or runs of it wait for the end of a pause or a freeze.
CREATE TABLE playbook(
	id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, held INTEGER NOT NULL DEFAULT 0,
	family INTEGER); -- what it is a store's form of

-- Each published playbook with the templates it names; runs are pinned to it.
CREATE TABLE version(
	id INTEGER PRIMARY KEY,
	hash TEXT NOT NULL UNIQUE,
	playbook INTEGER NOT NULL REFERENCES playbook(id),
	number INTEGER NOT NULL,
	published_at INTEGER NOT NULL,
	needs INTEGER NOT NULL, -- bits: what its runs must be told of
	bundle TEXT NOT NULL);

-- When playbooks were paused; until 0: still.
CREATE TABLE pause(
	playbook INTEGER NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL,
	PRIMARY KEY(playbook, at)) WITHOUT ROWID;

-- Runs of older versions being taken over by a newer one.
CREATE TABLE migration(
	playbook INTEGER PRIMARY KEY, version INTEGER NOT NULL, map TEXT NOT NULL,
	cursor INTEGER NOT NULL, moved INTEGER NOT NULL, stayed INTEGER NOT NULL,
	done_at INTEGER NOT NULL);

-- The sweep and lists: the day under way and the customer reached; 0: it is done.
CREATE TABLE sweep(zone TEXT PRIMARY KEY, day INTEGER NOT NULL, cursor INTEGER NOT NULL) WITHOUT ROWID;

-- Rows of lists that mean nobody.
CREATE TABLE unmatched(
	version INTEGER NOT NULL, n INTEGER NOT NULL, row TEXT NOT NULL,
	PRIMARY KEY(version, n)) WITHOUT ROWID;

-- ---- letting a playbook out ----

-- How far each version is out; next_at: end of the countdown or next look; since: limits count from it.
CREATE TABLE launch(
	version INTEGER PRIMARY KEY, playbook INTEGER NOT NULL, state INTEGER NOT NULL,
	stage INTEGER NOT NULL, entered INTEGER NOT NULL, begun_at INTEGER NOT NULL,
	stage_at INTEGER NOT NULL, since INTEGER NOT NULL, next_at INTEGER NOT NULL,
	why TEXT NOT NULL);

-- Whom an event would have brought in before his stage; offered again when one begins.
CREATE TABLE not_yet(
	playbook INTEGER NOT NULL, customer INTEGER NOT NULL, subject TEXT NOT NULL,
	entry TEXT NOT NULL, event INTEGER NOT NULL, at INTEGER NOT NULL,
	PRIMARY KEY(playbook, customer, subject, entry)) WITHOUT ROWID;

-- Texts sent to one's own people; hash: of the text, so that a change asks for another.
CREATE TABLE testsend(
	id INTEGER PRIMARY KEY, template TEXT NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL,
	account TEXT NOT NULL, recipient TEXT NOT NULL, author TEXT NOT NULL, outcome TEXT NOT NULL,
	perr TEXT NOT NULL,
	channel INTEGER NOT NULL, address INTEGER NOT NULL, category INTEGER NOT NULL); -- a service counts it, too
CREATE INDEX testsend_hash ON testsend(hash);
CREATE INDEX testsend_address ON testsend(address, at);

-- Corrections of what was sent by mistake: a playbook of its own, once a text.
CREATE TABLE correction(
	playbook INTEGER PRIMARY KEY, of INTEGER NOT NULL, version INTEGER NOT NULL,
	template TEXT NOT NULL, at INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL,
	asked TEXT NOT NULL, step TEXT NOT NULL, since INTEGER NOT NULL, -- by whose hand; to whom it goes
	agreed TEXT NOT NULL, -- who else agreed; "": nobody has
	waits INTEGER NOT NULL, -- 1: for somebody else's yes or no
	UNIQUE(of, template));

-- ---- customers ----

-- The file of a customer.
CREATE TABLE customer(
	id INTEGER PRIMARY KEY,
	ext TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL, gender TEXT NOT NULL,
	tier TEXT NOT NULL, stage TEXT NOT NULL, store TEXT NOT NULL, advisor TEXT NOT NULL,
	tier_next TEXT NOT NULL DEFAULT '',  -- told by an import, waits for the month
	tz TEXT NOT NULL,
	birthday INTEGER, first_visit INTEGER, last_visit INTEGER, -- days since 1970
	last_visit_at INTEGER NOT NULL DEFAULT 0,
	visits INTEGER NOT NULL, spend INTEGER NOT NULL, -- spend in fen
	consent INTEGER NOT NULL,                        -- two bits a channel
	tags TEXT NOT NULL, attrs TEXT NOT NULL,
	addr_enc BLOB,                                   -- all addresses, sealed
	invalid INTEGER NOT NULL DEFAULT 0,              -- bit per channel
	blocked_at INTEGER NOT NULL DEFAULT 0,           -- complaint, until it is settled
	complained_at INTEGER NOT NULL DEFAULT 0,        -- the first of those blocked last; stays
	erased_at INTEGER NOT NULL DEFAULT 0,
	-- What the last file said, where a playbook has written something else since.
	said_stage TEXT, said_tags TEXT, said_attrs TEXT, said_consent INTEGER,
	merged INTEGER NOT NULL DEFAULT 0, -- the customer he turned out to be
	kind TEXT NOT NULL DEFAULT '',      -- company | person
	contact TEXT NOT NULL DEFAULT '',   -- of a company: the id of a customer
	contact_name TEXT NOT NULL DEFAULT '',
	household TEXT NOT NULL DEFAULT '',
	ties INTEGER NOT NULL DEFAULT 0);   -- bits: what to ask beside this row
CREATE INDEX customer_contact ON customer(contact) WHERE contact <> '';
CREATE INDEX customer_household ON customer(household) WHERE household <> '';

-- Whose an address is, by its keyed hash.
CREATE TABLE address(
	h INTEGER NOT NULL, channel INTEGER NOT NULL, customer INTEGER NOT NULL,
	PRIMARY KEY(h, channel, customer)) WITHOUT ROWID;

-- Opt-outs from marketing: keyed hash only, so that they outlive an erase. A row a source;
-- origin: the account, "batch:N"; at: as told, first_at and last_at: heard by us.
CREATE TABLE optout(
	id INTEGER PRIMARY KEY,
	h INTEGER NOT NULL, channel INTEGER NOT NULL, src TEXT NOT NULL, origin TEXT NOT NULL,
	at INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
	UNIQUE(h, channel, src, origin));

-- The profile: all folds over his events, packed; look: the day to look again, 0: at once;
-- place: the playbook he waits for a place in, 0: none.
CREATE TABLE signal(
	customer INTEGER PRIMARY KEY, look INTEGER NOT NULL, place INTEGER NOT NULL, fold BLOB NOT NULL);

-- Customers who went into another, with what went over; before is sealed.
CREATE TABLE joined(
	b INTEGER PRIMARY KEY, a INTEGER NOT NULL, at INTEGER NOT NULL, moved TEXT NOT NULL,
	before_enc BLOB NOT NULL, after INTEGER NOT NULL);

-- ---- what a dealer has beside customers, by the dealer's id; days since 1970, null: unknown ----

-- Cars.
CREATE TABLE vehicle(
	id INTEGER PRIMARY KEY, ext TEXT NOT NULL UNIQUE, customer INTEGER NOT NULL,
	vin TEXT NOT NULL, plate TEXT NOT NULL, model TEXT NOT NULL, store TEXT NOT NULL,
	bought INTEGER, mileage INTEGER NOT NULL, mileage_on INTEGER,
	every_months INTEGER NOT NULL, every_km INTEGER NOT NULL, last_service INTEGER,
	warranty_end INTEGER, inspection_due INTEGER, insurance_end INTEGER,
	sold INTEGER NOT NULL, attrs TEXT NOT NULL,
	driver INTEGER NOT NULL DEFAULT 0); -- a customer; 0: nobody but the owner
CREATE INDEX vehicle_customer ON vehicle(customer);
CREATE INDEX vehicle_driver ON vehicle(driver) WHERE driver <> 0;
CREATE INDEX vehicle_vin ON vehicle(vin) WHERE vin <> '';
CREATE INDEX vehicle_plate ON vehicle(plate) WHERE plate <> '';

-- Appointments.
CREATE TABLE appointment(
	id INTEGER PRIMARY KEY, ext TEXT NOT NULL UNIQUE, customer INTEGER NOT NULL,
	vehicle TEXT NOT NULL, store TEXT NOT NULL, advisor TEXT NOT NULL, at INTEGER NOT NULL,
	state TEXT NOT NULL, service TEXT NOT NULL, attrs TEXT NOT NULL,
	look_at INTEGER); -- when to ask whether he came; null: that is settled
CREATE INDEX appointment_customer ON appointment(customer, at);
CREATE INDEX appointment_look ON appointment(look_at) WHERE look_at IS NOT NULL;

-- Repair orders; recommended and accepted are JSON lists of their lines.
CREATE TABLE repair(
	id INTEGER PRIMARY KEY, ext TEXT NOT NULL UNIQUE, customer INTEGER NOT NULL,
	vehicle TEXT NOT NULL, store TEXT NOT NULL, advisor TEXT NOT NULL, at INTEGER NOT NULL,
	amount INTEGER NOT NULL, mileage INTEGER NOT NULL, -- amount in fen
	recommended TEXT NOT NULL, accepted TEXT NOT NULL, attrs TEXT NOT NULL);
CREATE INDEX repair_customer ON repair(customer, at);

-- Who serves, and who stands in.
CREATE TABLE staff(
	id INTEGER PRIMARY KEY, ext TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL, store TEXT NOT NULL, role TEXT NOT NULL, wecom TEXT NOT NULL,
	phone_enc BLOB, deputy TEXT NOT NULL, successor TEXT NOT NULL,
	away_from INTEGER, away_to INTEGER, left_on INTEGER, attrs TEXT NOT NULL);
CREATE INDEX staff_name ON staff(name);

-- ---- what customers do ----

-- What happened, once each.
CREATE TABLE event(
	id INTEGER PRIMARY KEY,
	source TEXT NOT NULL, evid TEXT NOT NULL,
	customer INTEGER NOT NULL, type TEXT NOT NULL,
	at INTEGER NOT NULL, recv_at INTEGER NOT NULL,
	data TEXT NOT NULL,
	UNIQUE(source, evid));
CREATE INDEX event_customer ON event(customer);

-- Events of customers not known yet, kept until they are or 24 h have passed.
CREATE TABLE parked(
	id INTEGER PRIMARY KEY, ext TEXT NOT NULL, until INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX parked_ext ON parked(ext);

-- Answers of the events API, by the key of the request.
CREATE TABLE idempotency(
	key TEXT PRIMARY KEY, sha BLOB NOT NULL, at INTEGER NOT NULL,
	status INTEGER NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency(at);

-- ---- runs ----

-- One customer going through one playbook.
CREATE TABLE run(
	id INTEGER PRIMARY KEY,
	customer INTEGER NOT NULL, playbook INTEGER NOT NULL, version INTEGER NOT NULL,
	state INTEGER NOT NULL, control INTEGER NOT NULL,
	step TEXT NOT NULL, wait INTEGER NOT NULL, occ INTEGER NOT NULL,
	round INTEGER NOT NULL DEFAULT 0, -- of a repeat
	entered_at INTEGER NOT NULL, step_at INTEGER NOT NULL,
	wake_at INTEGER, goal_at INTEGER NOT NULL DEFAULT 0, ended_at INTEGER NOT NULL DEFAULT 0,
	why TEXT NOT NULL DEFAULT '',
	entry TEXT NOT NULL, event INTEGER NOT NULL DEFAULT 0,
	first_sent_at INTEGER NOT NULL DEFAULT 0,
	subject TEXT NOT NULL DEFAULT '', -- the vehicle, appointment or order it is about
	priority TEXT NOT NULL DEFAULT '', -- signals.priority when he was taken in
	UNIQUE(customer, playbook, subject, entry));
CREATE INDEX run_wake ON run(wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX run_goal ON run(goal_at) WHERE goal_at > 0;

-- A run's history beside its touches: entry, waits, actions, goal; its end stands in the run.
CREATE TABLE trail(
	run INTEGER NOT NULL, at INTEGER NOT NULL, n INTEGER NOT NULL, what TEXT NOT NULL,
	PRIMARY KEY(run, n)) WITHOUT ROWID;

-- Milestones of runs.
CREATE TABLE mark(
	run INTEGER NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
	PRIMARY KEY(run, name)) WITHOUT ROWID;

-- The last answer a run was given; the words are sealed.
CREATE TABLE heard(
	run INTEGER PRIMARY KEY, at INTEGER NOT NULL, channel INTEGER NOT NULL,
	score INTEGER, words_enc BLOB NOT NULL);

-- ---- messages ----

-- One touch, and the message it becomes. The first attempt lives in the row, what it says beside
-- it: a row that moves on four times is kept short.
CREATE TABLE msg(
	id INTEGER PRIMARY KEY,
	customer INTEGER NOT NULL, run INTEGER NOT NULL, version INTEGER NOT NULL,
	playbook INTEGER NOT NULL, step TEXT NOT NULL, occ INTEGER NOT NULL,
	channel INTEGER NOT NULL, category INTEGER NOT NULL, priority INTEGER NOT NULL,
	planned_at INTEGER NOT NULL, due_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
	state INTEGER NOT NULL, reason INTEGER NOT NULL,
	n INTEGER NOT NULL DEFAULT 0, token INTEGER NOT NULL DEFAULT 0, epoch INTEGER NOT NULL DEFAULT 0,
	account TEXT NOT NULL DEFAULT '', address INTEGER NOT NULL DEFAULT 0,
	begun_at INTEGER NOT NULL DEFAULT 0, key_at INTEGER NOT NULL DEFAULT 0,
	settle_at INTEGER, settle_n INTEGER NOT NULL DEFAULT 0,
	slots INTEGER NOT NULL DEFAULT 0, period INTEGER NOT NULL DEFAULT 0,
	template TEXT NOT NULL DEFAULT '', segments INTEGER NOT NULL DEFAULT 0,
	cost INTEGER NOT NULL DEFAULT 0, -- fen / 100
	provider_id TEXT NOT NULL DEFAULT '', perr TEXT NOT NULL DEFAULT '',
	variant TEXT NOT NULL DEFAULT '', -- arm of the step's split
	UNIQUE(run, step, occ)); -- "a step twice" is impossible to write
CREATE INDEX msg_due ON msg(playbook, channel, due_at, planned_at) WHERE state = 0;
CREATE INDEX msg_plan ON msg(customer) WHERE state = 0;
CREATE INDEX msg_settle ON msg(settle_at) WHERE settle_at IS NOT NULL;

-- What a message said at its last attempt.
CREATE TABLE body(msg INTEGER PRIMARY KEY, sealed BLOB NOT NULL);

-- Attempts after the first.
CREATE TABLE attempt(
	msg INTEGER NOT NULL, n INTEGER NOT NULL, begun_at INTEGER NOT NULL, account TEXT NOT NULL,
	outcome TEXT NOT NULL, perr TEXT NOT NULL, PRIMARY KEY(msg, n)) WITHOUT ROWID;

-- Who was in one call, in order, where it may have to be repeated byte for byte.
CREATE TABLE request(token INTEGER PRIMARY KEY, at INTEGER NOT NULL, members TEXT NOT NULL);

-- Where our own reference does not come back with a receipt.
CREATE TABLE ref(
	account TEXT NOT NULL, provider_id TEXT NOT NULL, msg INTEGER NOT NULL,
	PRIMARY KEY(account, provider_id)) WITHOUT ROWID;

-- Touches that went out inside another (several cars, one message).
CREATE TABLE merged(
	lead INTEGER NOT NULL, msg INTEGER NOT NULL, PRIMARY KEY(lead, msg)) WITHOUT ROWID;
CREATE INDEX merged_msg ON merged(msg);

-- Why something did or did not happen: one row when the verdict changes.
CREATE TABLE decision(
	msg INTEGER NOT NULL, at INTEGER NOT NULL, reason INTEGER NOT NULL,
	rule TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,
	detail TEXT NOT NULL, next INTEGER NOT NULL,
	PRIMARY KEY(msg, at, reason)) WITHOUT ROWID;

-- Slots in use; the limit is never stored, it comes from the live policy.
CREATE TABLE cap(
	scope TEXT NOT NULL, period INTEGER NOT NULL, used INTEGER NOT NULL CHECK(used >= 0),
	PRIMARY KEY(scope, period)) WITHOUT ROWID;

-- Submissions that count for a customer: rolling limits, gaps, the service category.
CREATE TABLE reservation(
	customer INTEGER NOT NULL, at INTEGER NOT NULL, msg INTEGER NOT NULL, category INTEGER NOT NULL,
	PRIMARY KEY(customer, at, msg)) WITHOUT ROWID;

-- ---- what comes back ----

-- Everything providers posted, once each.
CREATE TABLE inbox(
	id INTEGER PRIMARY KEY,
	account TEXT NOT NULL, evkey TEXT NOT NULL, recv_at INTEGER NOT NULL,
	kind INTEGER NOT NULL, verdict TEXT NOT NULL, raw_enc BLOB, done_at INTEGER,
	UNIQUE(account, evkey));
CREATE INDEX inbox_open ON inbox(recv_at) WHERE done_at IS NULL;

-- Short links.
CREATE TABLE link(
	code TEXT PRIMARY KEY, msg INTEGER NOT NULL, n INTEGER NOT NULL, target TEXT NOT NULL,
	at INTEGER NOT NULL) WITHOUT ROWID;

-- Clicks and opens; bot: why it was nobody, empty for a person.
CREATE TABLE hit(
	id INTEGER PRIMARY KEY, msg INTEGER NOT NULL, code TEXT NOT NULL, kind INTEGER NOT NULL,
	at INTEGER NOT NULL, bot TEXT NOT NULL);
CREATE INDEX hit_msg ON hit(msg);

-- ---- people, offers, experiments ----

-- What people are asked to do: a call is also a msg, other tasks are not (msg 0).
CREATE TABLE task(
	id INTEGER PRIMARY KEY,
	msg INTEGER NOT NULL, customer INTEGER NOT NULL, run INTEGER NOT NULL, version INTEGER NOT NULL,
	kind TEXT NOT NULL, template TEXT NOT NULL,
	assignee TEXT NOT NULL, role TEXT NOT NULL, store TEXT NOT NULL,
	created_at INTEGER NOT NULL, day INTEGER NOT NULL, -- day: a call was last offered on it
	span INTEGER NOT NULL, due_at INTEGER NOT NULL, next_at INTEGER,
	late_to TEXT NOT NULL, late_after INTEGER NOT NULL,
	state INTEGER NOT NULL, level INTEGER NOT NULL, tries INTEGER NOT NULL,
	outcome TEXT NOT NULL DEFAULT '', cause TEXT NOT NULL DEFAULT '', note_enc BLOB,
	done_by TEXT NOT NULL DEFAULT '', done_at INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX task_msg ON task(msg) WHERE msg <> 0;
CREATE INDEX task_open ON task(customer) WHERE state < 3;
CREATE INDEX task_held ON task(assignee) WHERE state < 3;
CREATE INDEX task_next ON task(next_at) WHERE next_at IS NOT NULL;
CREATE INDEX task_day ON task(assignee, day) WHERE day > 0;

-- Things for a person to look at.
CREATE TABLE alarm(
	id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, msg INTEGER NOT NULL,
	customer INTEGER NOT NULL, text TEXT NOT NULL);

-- Benefits: asked for, granted, redeemed. A run is given each offer once.
CREATE TABLE offer(
	id INTEGER PRIMARY KEY, name TEXT NOT NULL,
	customer INTEGER NOT NULL, run INTEGER, -- null: by hand
	state INTEGER NOT NULL, value INTEGER NOT NULL, -- fen
	store TEXT NOT NULL, author TEXT NOT NULL, person TEXT NOT NULL,
	asked_at INTEGER NOT NULL, granted_at INTEGER NOT NULL,
	ended_at INTEGER NOT NULL DEFAULT 0, expires_at INTEGER NOT NULL,
	event INTEGER NOT NULL DEFAULT 0,
	UNIQUE(run, name));
CREATE INDEX offer_customer ON offer(customer);
CREATE INDEX offer_over ON offer(expires_at) WHERE state <= 1;

-- A/B tests, one row a version of one at a step; the decision, once made, stands.
CREATE TABLE experiment(
	id INTEGER PRIMARY KEY,
	playbook INTEGER NOT NULL, step TEXT NOT NULL, version TEXT NOT NULL, name TEXT NOT NULL,
	pinned INTEGER NOT NULL, started_at INTEGER NOT NULL, decide_at INTEGER,
	decided_at INTEGER NOT NULL DEFAULT 0, verdict INTEGER NOT NULL DEFAULT 0,
	arm TEXT NOT NULL DEFAULT '', p INTEGER NOT NULL DEFAULT 0, -- a thousand millionth
	metric INTEGER NOT NULL,
	UNIQUE(playbook, step, version));
CREATE INDEX experiment_due ON experiment(decide_at) WHERE decide_at IS NOT NULL;

-- Their arms, and what was counted when it was decided.
CREATE TABLE experiment_arm(
	experiment INTEGER NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, weight INTEGER NOT NULL,
	people INTEGER NOT NULL, hits INTEGER NOT NULL, PRIMARY KEY(experiment, n)) WITHOUT ROWID;

-- Who was drawn into which arm; a customer's first run counts.
CREATE TABLE drawn(
	experiment INTEGER NOT NULL, customer INTEGER NOT NULL, arm INTEGER NOT NULL,
	run INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(experiment, customer)) WITHOUT ROWID;

-- The share of customers held out of everything (per 10,000), from when on.
CREATE TABLE control_share(at INTEGER PRIMARY KEY, share INTEGER NOT NULL);

-- ---- imports ----

-- Files being imported: a crash goes on with them, from the start; rows are idempotent.
CREATE TABLE import(
	path TEXT PRIMARY KEY, what TEXT NOT NULL, at INTEGER NOT NULL,
	batch INTEGER NOT NULL, how TEXT NOT NULL) WITHOUT ROWID;

-- What was imported, so that it can be undone.
CREATE TABLE batch(
	id INTEGER PRIMARY KEY, what TEXT NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL,
	rows INTEGER NOT NULL, refused INTEGER NOT NULL, aside INTEGER NOT NULL,
	basis TEXT NOT NULL, evidence TEXT NOT NULL, undone_at INTEGER NOT NULL DEFAULT 0);

-- What each row was before, sealed, null: it was new; after: keyed hash.
CREATE TABLE batch_row(
	id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, what TEXT NOT NULL, key TEXT NOT NULL,
	before_enc BLOB, after INTEGER NOT NULL,
	UNIQUE(batch, what, key));

-- Rows set aside or taken without a value, of the last file of each source.
CREATE TABLE quality(
	what TEXT NOT NULL, source TEXT NOT NULL, row INTEGER NOT NULL, at INTEGER NOT NULL,
	key TEXT NOT NULL, heading TEXT NOT NULL, reason TEXT NOT NULL,
	PRIMARY KEY(what, source, row)) WITHOUT ROWID;

-- When a store's visits were last heard of, by source: data_stale.
CREATE TABLE feed(
	store TEXT NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL,
	PRIMARY KEY(store, source)) WITHOUT ROWID;

-- ---- hours of those who call ----

-- Calls that runs will come to, until they are on a list.
CREATE TABLE booking(
	run INTEGER NOT NULL, step TEXT NOT NULL, who TEXT NOT NULL, day INTEGER NOT NULL,
	priority INTEGER NOT NULL, PRIMARY KEY(run, step)) WITHOUT ROWID;
CREATE INDEX booking_day ON booking(who, day);

-- Who waits to enter until there are hours for his call; day: he was last tried on.
CREATE TABLE waiting(
	playbook INTEGER NOT NULL, customer INTEGER NOT NULL, subject TEXT NOT NULL,
	entry TEXT NOT NULL, event INTEGER NOT NULL, priority INTEGER NOT NULL,
	at INTEGER NOT NULL, day INTEGER NOT NULL, full_day INTEGER NOT NULL, who TEXT NOT NULL,
	PRIMARY KEY(playbook, customer, subject, entry)) WITHOUT ROWID;
CREATE INDEX waiting_day ON waiting(priority DESC, at);

-- ---- who may, and who did ----

-- Keys of programs and people; hash: of what was shown once. Gone ones stay for the record.
CREATE TABLE token(
	id TEXT PRIMARY KEY, hash BLOB NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
	role TEXT NOT NULL, stores TEXT NOT NULL, scope TEXT NOT NULL, made_by TEXT NOT NULL,
	made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER NOT NULL DEFAULT 0,
	revoked_at INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;

-- Sets of files put forward or in force, state 0 waits, 1 in force, 2 over, 3 refused,
-- 4 withdrawn, 5 lapsed; content while it waits or is in force; needs: so many others must agree.
CREATE TABLE publication(
	id INTEGER PRIMARY KEY, hash TEXT NOT NULL, state INTEGER NOT NULL, authors TEXT NOT NULL,
	at INTEGER NOT NULL, since INTEGER NOT NULL, needs INTEGER NOT NULL,
	confirmed INTEGER NOT NULL, audience INTEGER NOT NULL, due INTEGER NOT NULL,
	cost INTEGER NOT NULL, content TEXT);
CREATE UNIQUE INDEX publication_now ON publication(state) WHERE state <= 1;

-- Who decided what, and when; never changed. ref: of a publication.
CREATE TABLE audit(
	id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL,
	act TEXT NOT NULL, about TEXT NOT NULL, why TEXT NOT NULL,
	ref INTEGER NOT NULL DEFAULT 0, n INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX audit_agreed ON audit(ref, who) WHERE act = 'agree';
CREATE TRIGGER audit_kept BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is kept'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is kept'); END;

-- ---- devices ----

-- The telephones a customer's app told of, in its order; the first is his push address, too.
CREATE TABLE device(
	id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, h INTEGER NOT NULL,
	platform TEXT NOT NULL, app_version TEXT NOT NULL, at INTEGER NOT NULL,
	token_enc BLOB NOT NULL,
	vendor TEXT NOT NULL); -- who pushes to it: huawei, xiaomi ...; "": not told
CREATE INDEX device_customer ON device(customer);

-- ---- texts on the gateways' books ----

-- place: an account or a type of provider; signature '': of all; status 0 pending,
-- 1 approved, 2 rejected.
CREATE TABLE registry(
	code TEXT NOT NULL, place TEXT NOT NULL, signature TEXT NOT NULL, status INTEGER NOT NULL,
	text TEXT NOT NULL, at INTEGER NOT NULL,
	PRIMARY KEY(code, place, signature)) WITHOUT ROWID;

-- ---- cards to staff ----

-- A card of a task, or of several, to one member of staff.
CREATE TABLE card(
	id INTEGER PRIMARY KEY, who TEXT NOT NULL, account TEXT NOT NULL, state INTEGER NOT NULL,
	at INTEGER NOT NULL, next_at INTEGER, tries INTEGER NOT NULL, perr TEXT NOT NULL,
	request_enc BLOB, -- as it goes, until it is settled
	-- what replaces its buttons, once: until then, what they say instead, and since when
	code_enc BLOB, code_at INTEGER NOT NULL DEFAULT 0,
	face INTEGER NOT NULL DEFAULT 0, face_at INTEGER NOT NULL DEFAULT 0);
CREATE INDEX card_next ON card(next_at) WHERE next_at IS NOT NULL;
CREATE INDEX card_who ON card(who, at);
CREATE INDEX card_code ON card(id) WHERE code_enc IS NOT NULL;

-- Which tasks were told: to whoever it was given to, once a day it was offered. card 0:
-- nobody could be told. gone: taken back, and told anew when it is offered anew.
CREATE TABLE told(
	task INTEGER NOT NULL, who TEXT NOT NULL, day INTEGER NOT NULL, card INTEGER NOT NULL,
	gone INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY(task, who, day, card)) WITHOUT ROWID;
CREATE INDEX told_card ON told(card) WHERE card <> 0;

-- ---- accounts that only answer ----

-- When somebody last wrote to the account, and the instants of what went to him since;
-- shut: the service says that it does not count any more.
CREATE TABLE turn(
	account TEXT NOT NULL, h INTEGER NOT NULL, at INTEGER NOT NULL, shut INTEGER NOT NULL,
	times TEXT NOT NULL, PRIMARY KEY(account, h)) WITHOUT ROWID;

-- ---- contacts in WeCom ----

-- An external contact. h: keyed hash of his external id, as in address; union_h: of his unionid,
-- 0: not told; way: by what he was matched; not_him: whom a person said he is not. Id, name sealed.
CREATE TABLE contact(
	id INTEGER PRIMARY KEY, h INTEGER NOT NULL UNIQUE, union_h INTEGER NOT NULL,
	customer INTEGER NOT NULL, way INTEGER NOT NULL, matched_at INTEGER NOT NULL,
	not_him INTEGER NOT NULL, told_enc BLOB NOT NULL);
CREATE INDEX contact_customer ON contact(customer) WHERE customer <> 0;
CREATE INDEX contact_union ON contact(union_h) WHERE union_h <> 0;

-- Which members of staff have him as a contact. since, ended_at: as the service told; ended: 0
-- he is, 1 the customer removed the member, 2 the member him, 3 he is not on the list any more;
-- told_at: when it was told last; ask: the service is to be asked about him. Remarks, state sealed.
CREATE TABLE follow(
	contact INTEGER NOT NULL, member TEXT NOT NULL COLLATE NOCASE, account TEXT NOT NULL,
	since INTEGER NOT NULL, ended INTEGER NOT NULL, ended_at INTEGER NOT NULL,
	told_at INTEGER NOT NULL, ask INTEGER NOT NULL, told_enc BLOB NOT NULL,
	PRIMARY KEY(contact, member)) WITHOUT ROWID;
CREATE INDEX follow_member ON follow(member);
CREATE INDEX follow_ask ON follow(account, contact) WHERE ask = 1;

-- How far the contacts of each member are read: cursor and begin of the round under way (0: none),
-- end of the last one, and why it could not be read.
CREATE TABLE roster(
	account TEXT NOT NULL, member TEXT NOT NULL COLLATE NOCASE, cursor TEXT NOT NULL,
	begun_at INTEGER NOT NULL, read_at INTEGER NOT NULL, perr TEXT NOT NULL,
	PRIMARY KEY(account, member)) WITHOUT ROWID;

-- Whose a unionid is, by its keyed hash, as files told.
CREATE TABLE unionid(
	customer INTEGER NOT NULL, h INTEGER NOT NULL, PRIMARY KEY(customer, h)) WITHOUT ROWID;
CREATE INDEX unionid_h ON unionid(h);

-- ---- floods of refusals ----

-- How many an account brought in an hour of the last weeks; state 0 usual, 1 a flood, 2 it was
-- false.
CREATE TABLE rush(
	account TEXT NOT NULL, hour INTEGER NOT NULL, n INTEGER NOT NULL, state INTEGER NOT NULL,
	PRIMARY KEY(account, hour)) WITHOUT ROWID;

-- What an account's service no longer takes, though it was registered: a text (code), or with code ''
-- a signature whatever the text; until a person says that it is approved again.
CREATE TABLE withdrawn(
	account TEXT NOT NULL, code TEXT NOT NULL, signature TEXT NOT NULL, perr TEXT NOT NULL,
	at INTEGER NOT NULL, PRIMARY KEY(account, code, signature)) WITHOUT ROWID;

-- ---- mail called spam ----

-- Mails of an account and complaints about them, by the hour.
CREATE TABLE mailing(
	account TEXT NOT NULL, hour INTEGER NOT NULL, sent INTEGER NOT NULL,
	complaints INTEGER NOT NULL, PRIMARY KEY(account, hour)) WITHOUT ROWID;

-- Accounts whose marketing mail stood still for it: state 0 goes again, 1 until the rate falls, 2
-- until a person says so; since: hours up to this one count no more.
CREATE TABLE mailing_halt(
	account TEXT PRIMARY KEY, state INTEGER NOT NULL, at INTEGER NOT NULL,
	since INTEGER NOT NULL) WITHOUT ROWID;

-- ---- webhooks whose signature does not cover what they say ----

-- What each came under, for a day: it is good once.
CREATE TABLE inbox_once(
	account TEXT NOT NULL, token TEXT NOT NULL, at INTEGER NOT NULL,
	PRIMARY KEY(account, token)) WITHOUT ROWID;

-- ---- domains that mails go out as ----

-- What the last look at an account's domain (reachd check-dns) has found missing: 'SPF, DKIM'.
CREATE TABLE mail_proof(
	account TEXT PRIMARY KEY, domain TEXT NOT NULL, missing TEXT NOT NULL,
	at INTEGER NOT NULL) WITHOUT ROWID;
