import type { CSSProperties, ForwardRefExoticComponent, RefAttributes } from 'react';
import type MeetIframeBridge from './meetBridgeApi.js';
import type { MeetFrame as MeetFrameElement } from './meetFrame.mjs';

export interface MeetFrameProps {
  /** The server, such as `https://meet.example.org`. */
  host: string;
  roomId: string;
  kind?: 'call' | 'webinar' | undefined;
  token?: string | undefined;
  accessToken?: string | undefined;
  peerId?: string | undefined;
  displayName?: string | undefined;
  lang?: string | undefined;
  /** Other attributes of the address, such as `controlsDisabled=true`. */
  params?: string | undefined;
  title?: string | undefined;
  className?: string | undefined;
  style?: CSSProperties | undefined;
  /** Called for every event. */
  onEvent?: ((event: MeetIframeBridge.EventName, data: any, meta: MeetIframeBridge.Meta) => void) | undefined;
}

/** `<meet-frame>` for React; the ref is the element, with its `bridge`. */
export declare const MeetFrame: ForwardRefExoticComponent<MeetFrameProps & RefAttributes<MeetFrameElement>>;
