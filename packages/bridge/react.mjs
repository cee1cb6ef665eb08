'use client';
// <MeetFrame>: the element for React. The ref is the element, so that
// `ref.current.bridge` calls methods; `onEvent` gets every event.
import { createElement, forwardRef, useEffect, useImperativeHandle, useRef } from 'react';
import './meetFrame.mjs';

/** Attributes of the element, by properties of the component. */
const ATTRIBUTES = new Map([
  ['className', 'class'],
  ['roomId', 'room-id'],
  ['accessToken', 'access-token'],
  ['peerId', 'peer-id'],
  ['displayName', 'display-name'],
]);

export const MeetFrame = forwardRef(
  /**
   * @param {import('./react.mjs').MeetFrameProps} properties
   * @param {import('react').ForwardedRef<import('./meetFrame.mjs').MeetFrame>} ref
   */
  function MeetFrame({ onEvent, ...properties }, ref) {
    /** @type {import('react').RefObject<any>} */
    const element = useRef(null);
    const latest = useRef(onEvent);
    useEffect(() => {
      latest.current = onEvent;
    });
    useImperativeHandle(ref, () => element.current, []);
    useEffect(() => {
      const { current } = element;
      const tell = (/** @type {CustomEvent} */ { detail }) => latest.current?.(detail.event, detail.data, detail);
      current.addEventListener('meetframe', tell);
      return () => current.removeEventListener('meetframe', tell);
    }, []);
    const attributes = Object.entries(properties).map(([name, value]) => [ATTRIBUTES.get(name) ?? name, value]);
    return createElement('meet-frame', { ...Object.fromEntries(attributes), ref: element });
  },
);
