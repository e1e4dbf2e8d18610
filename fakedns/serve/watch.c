#include "fakedns/serve/watch.h"

#include "fakedns/base/fatal.h"
#include "fakedns/serve/socket.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Lives as long as the loop knows it: longer than the watch.
struct handle {
    union {
        uv_poll_t poll;
        uv_timer_t timer;
    };
    struct fdns_watch_group *group;
    struct fdns_watch *watch; // NULL once closed
};

static void on_ready(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct handle *handle = poll->data;
    if (handle->group->pace != NULL) {
        fdns_pace_touch(handle->group->pace);
    }
    // Timers that were due may have closed it.
    if (handle->watch != NULL) {
        handle->watch->end.arrive(&handle->watch->end);
    }
}

static void on_closed(uv_handle_t *uv_handle)
{
    struct handle *handle = uv_handle->data;
    struct fdns_watch_group *group = handle->group;
    free(handle);
    group->n_handles--;
    if (group->n_handles == 0 && group->idle != NULL) {
        group->idle(group->context);
    }
}

static bool open_handle(struct fdns_watch *watch, int fd)
{
    struct handle *handle = calloc(1, sizeof *handle);
    if (handle == NULL) {
        fdns_fatal("out of memory");
    }
    if (uv_poll_init(watch->group->loop, &handle->poll, fd) != 0) {
        free(handle);
        return false;
    }
    handle->poll.data = handle;
    handle->group = watch->group;
    handle->watch = watch;
    watch->poll = &handle->poll;
    watch->group->n_handles++;
    return true;
}

bool fdns_watch_open(struct fdns_watch_group *group, struct fdns_watch *watch, int fd,
                     fdns_flight_fn *arrive, void *owner)
{
    memset(watch, 0, sizeof *watch);
    watch->group = group;
    watch->end.fd = fd;
    watch->end.arrive = arrive;
    watch->end.owner = owner;
    if (group->flight != NULL) {
        return true;
    }
    if (!open_handle(watch, fd)) {
        close(fd);
        watch->end.fd = -1;
        return false;
    }
    fdns_watch_want(watch, true, false);
    return true;
}

void fdns_watch_want(struct fdns_watch *watch, bool to_read, bool to_write)
{
    if (watch->poll == NULL) {
        return;
    }
    int events = (to_read ? UV_READABLE : 0) | (to_write ? UV_WRITABLE : 0);
    if (events != 0) {
        uv_poll_start(watch->poll, events, on_ready);
    } else {
        uv_poll_stop(watch->poll);
    }
}

void fdns_watch_close(struct fdns_watch *watch, bool reset)
{
    if (watch->end.fd < 0) {
        return;
    }
    fdns_flight_close(&watch->end, reset);
    if (watch->poll != NULL) {
        struct handle *handle = watch->poll->data;
        handle->watch = NULL;
        uv_poll_stop(watch->poll);
        uv_close((uv_handle_t *)watch->poll, on_closed);
        watch->poll = NULL;
    }
    if (reset) {
        fdns_socket_set_reset(watch->end.fd);
    }
    close(watch->end.fd);
    watch->end.fd = -1;
}

// Keeps the promise that the end comes from the loop where no handle is left to bring it.
static void end_from_loop(struct fdns_watch_group *group)
{
    struct handle *handle = calloc(1, sizeof *handle);
    if (handle == NULL) {
        fdns_fatal("out of memory");
    }
    uv_timer_init(group->loop, &handle->timer);
    handle->timer.data = handle;
    handle->group = group;
    group->n_handles++;
    uv_close((uv_handle_t *)&handle->timer, on_closed);
}

void fdns_watch_group_end(struct fdns_watch_group *group, void (*idle)(void *context),
                          void *context)
{
    if (group->loop == NULL || group->flight != NULL) {
        idle(context);
        return;
    }
    group->idle = idle;
    group->context = context;
    if (group->n_handles == 0) {
        end_from_loop(group);
    }
}
