/*
 * Catalog access: how calls read the catalog, and change it.
 */
#pragma once

#include "core/catalog/result.h"
#include "core/catalog/table.h"
#include "core/catalog/view.h"
#include "proto/rpc.h"
#include "router/front/api_call.h"

/* As this router knows it; what is found holds for this turn of the loop only. */
const struct catalog_view *catalog_access_view(const struct api_call *call);
const struct table *catalog_access_find(const struct api_call *call, struct slice name);

/*
 * Brings the view up to what has been committed in the catalog, then goes on with `then_fn`. Where
 * the catalog is not reached within two seconds the call ends as one that the service was not
 * available for.
 */
void catalog_access_refresh(struct api_call *call, enum status (*then_fn)(struct api_call *call));

/* `table` is NULL where the catalog told of none. */
typedef enum status (*catalog_access_fn)(struct api_call *call, enum catalog_result result,
                                         const struct table *table);

/* Asks the catalog, once it has shown to be there, for a change of a table. The body is copied. */
void catalog_access_change(struct api_call *call, enum rpc_method method, struct slice body,
                           catalog_access_fn then_fn);
