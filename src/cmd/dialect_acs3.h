/* dialect_acs3.h - Alibaba Cloud's gateway at the sandbox: who may call, and its errors. */
#ifndef CMD_DIALECT_ACS3_H
#define CMD_DIALECT_ACS3_H

#include "dialect.h"

/* false: the answer is an error of the gateway: wrong key, wrong signature, too old. */
bool dialect_acs3_admit(struct dialect_call *c);
/* {"Code":...,"Message":...,"RequestId":...} */
void dialect_acs3_error(
    struct dialect_call *c, int status, const char *code, const char *message);
/* A parameter of the query or of the form; "" when absent. */
const char *dialect_acs3_param(struct dialect_call *c, const char *name);

#endif
