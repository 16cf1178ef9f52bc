// For Vue 3.3 and newer.
import {
  computed, type ComputedRef, getCurrentInstance, type MaybeRefOrGetter, onMounted, onScopeDispose, shallowRef, toValue,
  watch,
} from 'vue';
import {
  createSession, type MessengerActions, type MessengerState, optionsKey, type UseMessengerOptions,
} from './session.js';

export type { MessengerActions, MessengerHandlers, MessengerState, UseMessengerOptions } from './session.js';
export type { InitParams, Messenger, MessengerError, MessengerEvents } from './chatgenie.js';
export type { WidgetSource } from './source.js';

/** What is known of the messenger, as refs, and what can be done with it. */
export type UseMessenger = { [K in keyof MessengerState]: ComputedRef<MessengerState[K]> } & MessengerActions;

/**
 * The messenger, in the page for as long as the component is mounted, or the effect scope active.
 *
 * With `null` there is none: give that while nobody is signed in. Another user takes the place of the former one,
 * and nothing of the former stays.
 */
export function useMessenger(options: MaybeRefOrGetter<UseMessengerOptions | null | undefined>): UseMessenger {
  const session = createSession();
  const state = shallowRef(session.state());
  session.subscribe(() => {
    state.value = session.state();
  });
  let end: (() => void) | undefined;

  const follow = () =>
    watch(
      [() => optionsKey(toValue(options)), () => toValue(options)?.target],
      () => {
        end?.();
        const current = toValue(options);
        end = current ? session.show(current, () => toValue(options)) : undefined;
      },
      { immediate: true, flush: 'post' },
    );
  // On a server no component is ever mounted.
  if (getCurrentInstance()) onMounted(follow);
  else if (typeof document !== 'undefined') follow();
  onScopeDispose(() => end?.());

  const { open, close, toggle, signOut } = session;
  return {
    isReady: computed(() => state.value.isReady),
    isOpen: computed(() => state.value.isOpen),
    unread: computed(() => state.value.unread),
    user: computed(() => state.value.user),
    error: computed(() => state.value.error),
    open,
    close,
    toggle,
    signOut,
  };
}
