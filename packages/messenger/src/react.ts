'use client';
// For React 18 and newer.

import {
  createContext, createElement, type FunctionComponent, type ReactNode, useContext, useEffect, useMemo, useRef, useState,
  useSyncExternalStore,
} from 'react';
import {
  createSession, type MessengerActions, type MessengerState, NOTHING, optionsKey, type UseMessengerOptions,
} from './session.js';

export type { MessengerActions, MessengerHandlers, MessengerState, UseMessengerOptions } from './session.js';
export type { InitParams, Messenger, MessengerError, MessengerEvents } from './chatgenie.js';
export type { WidgetSource } from './source.js';

/** What is known of the messenger, and what can be done with it. */
export type UseMessenger = MessengerState & MessengerActions;

/**
 * The messenger, in the page for as long as the component is mounted.
 *
 * With `null` there is none: give that while nobody is signed in. Another user takes the place of the former one,
 * and nothing of the former stays.
 */
export function useMessenger(options: UseMessengerOptions | null | undefined): UseMessenger {
  const [session] = useState(createSession);
  const state = useSyncExternalStore(session.subscribe, session.state, () => NOTHING);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const key = optionsKey(options);
  const target = options?.target;
  useEffect(() => {
    // The key holds everything that counts; the object itself is new at each rendering.
    if (latest.current) return session.show(latest.current, () => latest.current);
    return undefined;
  }, [session, key, target]);
  return useMemo(() => {
    const { open, close, toggle, signOut } = session;
    return { ...state, open, close, toggle, signOut };
  }, [session, state]);
}

const MessengerContext = createContext<UseMessenger | null>(null);

/** What `MessengerProvider` takes. */
export interface MessengerProviderProps {
  /** As of `useMessenger`. */
  options: UseMessengerOptions | null | undefined;
  children?: ReactNode;
}

/** The messenger for a tree of components, each of which can reach it by `useMessengerContext`. */
export const MessengerProvider: FunctionComponent<MessengerProviderProps> = ({ options, children }) =>
  createElement(MessengerContext.Provider, { value: useMessenger(options) }, children);

/** The messenger of the nearest `MessengerProvider`. */
export function useMessengerContext(): UseMessenger {
  const messenger = useContext(MessengerContext);
  if (!messenger) throw new Error('useMessengerContext() is for components inside a <MessengerProvider>.');
  return messenger;
}
