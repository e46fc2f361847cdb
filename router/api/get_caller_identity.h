/*
 * GetCallerIdentity: the one operation of AWS's security token service that provisioning tools ask
 * before they do anything: form-encoded in, XML out.
 *
 * Every key that the router accepts belongs to the account's root.
 */
#pragma once

struct api_call;

/* The caller is known; the form may ask for something else, which is refused. */
void get_caller_identity_answer(struct api_call *call);

/* Answers what the call was refused for, as this service spells it. */
void get_caller_identity_refuse(struct api_call *call);
