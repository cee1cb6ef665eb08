// Types of the bridge, for the classic script, CommonJS and ES modules alike.
// A test compares the names with those of the library and of contract.json.
export = MeetIframeBridge;
export as namespace MeetIframeBridge;

/** Lets a page drive the meeting that it embeds in an iframe. */
declare class MeetIframeBridge {
  constructor(options: MeetIframeBridge.Options);

  /** The version of this library. */
  readonly version: string;
  /** The number of the last event. */
  readonly lastEvent: number;
  /** Where the last event stands, for `resumeFrom`; plain data that can be
   * stored while the page is loaded anew. */
  readonly position: MeetIframeBridge.Position;
  /** Whether the frame answers at the moment. Calls wait until it does. */
  readonly connected: boolean;

  /** Calls by name. The callback gets the value, or a `MeetframeError`. */
  method<N extends MeetIframeBridge.MethodName>(call: MeetIframeBridge.MethodCall<N>): Promise<MeetIframeBridge.Value<N>>;
  /** Calls by name. */
  call<N extends MeetIframeBridge.MethodName>(
    name: N,
    data?: MeetIframeBridge.Data<N>,
    options?: MeetIframeBridge.CallOptions,
  ): Promise<MeetIframeBridge.Value<N>>;

  /** Listens to an event; returns what ends it. Who listens to `ready`,
   * `readyToJoin`, `join` or `left` too late is told at once. */
  on<E extends MeetIframeBridge.EventName>(event: E, listener: MeetIframeBridge.Listener<E>): () => void;
  /** Listens to all events. */
  on(event: '*', listener: (data: unknown, meta: MeetIframeBridge.Meta) => void): () => void;
  /** Listens to the next one only. */
  once<E extends MeetIframeBridge.EventName>(event: E, listener: MeetIframeBridge.Listener<E>): () => void;
  /** Ends listening; without a listener that of all to this event. */
  off<E extends MeetIframeBridge.EventName | '*'>(event: E, listener?: (...args: never[]) => void): this;

  /** Asks the frame for all events after this one once more. A number counts
   * in the frame as it is loaded now. */
  resumeFrom(position: MeetIframeBridge.Position | number): this;
  /** Lets go of the frame; the meeting goes on. Twice is once. */
  destroy(): void;
  /** Whether the frame knows this method or event. Without a name: whether
   * the browser can hold a meeting. */
  supported(name?: string): boolean;

  static readonly default: typeof MeetIframeBridge;
  static readonly MeetframeError: typeof MeetIframeBridge.MeetframeErrorClass;
  /** The version of this library. */
  static readonly version: string;
  /** The names of all methods. */
  static readonly methods: readonly MeetIframeBridge.MethodName[];
  /** The names of all events, without aliases. */
  static readonly events: readonly MeetIframeBridge.EventName[];
  /** Whether this browser can hold a meeting in a frame. */
  static supported(): boolean;
}

/** Each method also under its own name: `await bridge.enableMic()`. */
interface MeetIframeBridge extends MeetIframeBridge.PromiseMethods {}

declare namespace MeetIframeBridge {
  interface Options {
    /** The iframe, its selector, or a jQuery object of it. */
    element: HTMLIFrameElement | string | ArrayLike<Element> | null | undefined;
    /** The room that the frame is expected to show. */
    roomId?: string | undefined;
    /** The frame's origin, when it is not that of its `src`. */
    origin?: string | undefined;
    /** Also bring the events after this one: the `position` of an earlier
     * bridge, of this page or the one before. */
    resumeFrom?: Position | number | undefined;
    /** Milliseconds that a call may take, instead of 30 000; 0: no limit. */
    timeout?: number | undefined;
    /** Milliseconds until a frame that does not answer is given up, instead of 30 000. */
    connectTimeout?: number | undefined;
    /** Writes every message to the console. */
    debug?: boolean | undefined;
  }

  interface CallOptions {
    /** Milliseconds; 0: as long as it takes. */
    timeout?: number | undefined;
  }

  interface MethodCall<N extends MethodName> {
    name: N;
    data?: Data<N> | undefined;
    callback?: ((outcome: any) => void) | undefined;
    timeout?: number | undefined;
  }

  /** Where an event stands in the row of all. */
  interface Meta {
    event: string;
    /** Grows by one with each event of one load of the frame; 0 for
     * `connectionFailed` by the library itself. */
    n: number;
    /** It happened before, and is repeated for who came late. */
    again: boolean;
    /** Events between this one and the one before are lost: the frame was
     * loaded anew, or does not keep them any more. */
    missed: boolean;
  }

  /** An event's place: the load of the frame, and its number there. */
  interface Position {
    session: string | undefined;
    n: number;
  }

  /** Which device is meant: by its id in the frame, by its name, which is the
   * same in all pages, or by its group; what `enumerateDevices` gives is one. */
  interface Device {
    deviceId?: string | undefined;
    label?: string | undefined;
    groupId?: string | undefined;
    kind?: string | undefined;
  }

  /** A device of the participant, as the frame knows it. */
  interface KnownDevice {
    deviceId: string;
    label: string;
    groupId: string;
  }

  /** How to enter. What is not said stays as the participant has it. */
  interface Joining {
    constraints?: { video?: boolean | Device; audio?: boolean | Device };
    /** Of a private room. */
    pin?: string;
  }

  interface Peer {
    peerId: string;
    displayName: string;
  }

  type Role = 'participant' | 'viewer' | 'moderator' | 'interpreter';

  interface Participant extends Peer {
    role: Role;
    /** Oneself. */
    me: boolean;
    camera: boolean;
    microphone: boolean;
    share: boolean;
    hand: boolean;
    /** False while their connection is lost. */
    connected: boolean;
  }

  /** The recording of the room. */
  interface Recording {
    id: string;
    state: 'starting' | 'recording' | 'processing' | 'ready' | 'failed' | 'unknown';
    /** When it was asked for: milliseconds since 1970. */
    since: number;
    /** Percent, while videos are made. */
    progress?: number;
  }

  /** How everything is in the frame. */
  interface State {
    phase: 'prejoin' | 'early' | 'pin' | 'waiting' | 'joining' | 'joined' | 'reconnecting' | 'ended';
    /** Unknown before joining. */
    peerId: string | null;
    displayName: string;
    role: Role | null;
    camera: boolean;
    microphone: boolean;
    share: boolean;
    hand: boolean;
    /** How loud others are, in percent. */
    volume: number;
    /** Others are silenced. */
    muted: boolean;
    /** Sound waits for a click. */
    audioBlocked: boolean;
    /** The most that the own video may take, in bits per second. */
    bitrate: number | null;
    fullscreen: boolean;
    /** The id of who is pinned. */
    pinned: string | null;
    locale: string;
    controlsVisible: boolean;
    indicatorsHidden: boolean;
    waitingRoom: boolean;
    /** How many viewers there are. */
    audience: number;
    recording: Recording | null;
    /** Until when the token is good for coming in: milliseconds since 1970. */
    tokenEndsAt: number | null;
    /** Devices with the ids that `join` and `changeDevice` take. */
    cameras: KnownDevice[];
    microphones: KnownDevice[];
  }

  /** Whether something works in the frame. */
  interface Capability {
    state:
      | 'ok' | 'blocked_by_embedder' | 'insecure_context' | 'denied' | 'no_device'
      | 'autoplay_blocked' | 'sandboxed' | 'unsupported';
    /** The very line to put into the embedding page, or what else helps. */
    fix?: string;
  }

  type Diagnosis = Record<
    'camera' | 'microphone' | 'display-capture' | 'autoplay' | 'fullscreen' | 'screen-wake-lock',
    Capability
  >;

  /** Oneself, without an id before joining, and why something failed. */
  interface Trouble extends Reason {
    peerId: string | null;
    displayName: string;
  }

  /** Why something failed. */
  interface Reason {
    code: ErrorCode;
    /** For developers, in English. */
    message: string;
  }

  /** What methods take and give: `[data, value]`. */
  interface Methods {
    join: [data: Joining | undefined, value: boolean];
    enableMic: [data: undefined, value: boolean];
    disableMic: [data: undefined, value: boolean];
    enableWebcam: [data: undefined, value: boolean];
    disableWebcam: [data: undefined, value: boolean];
    enableShare: [data: undefined, value: boolean];
    disableShare: [data: undefined, value: boolean];
    changeDisplayName: [data: string, value: boolean];
    setVolume: [data: number, value: boolean];
    getScreenshotByPeerId: [data: string, value: string];
    setControlsVisible: [data: boolean, value: boolean];
    isCameraEnabled: [data: undefined, value: boolean];
    isMicroEnabled: [data: undefined, value: boolean];
    isShareEnabled: [data: undefined, value: boolean];
    changeDevice: [data: { constraints: { audio: Device } | { video: Device } }, value: boolean];
    playAudio: [data: undefined, value: boolean];
    muteAudio: [data: undefined, value: boolean];
    unmuteAudio: [data: undefined, value: boolean];
    setBitrate: [data: number, value: boolean];
    isFullscreenEnabled: [data: undefined, value: boolean];
    enableFullscreen: [data: undefined, value: boolean];
    disableFullscreen: [data: undefined, value: boolean];
    enablePin: [data: string, value: boolean];
    disablePin: [data: undefined, value: boolean];
    setLocale: [data: string, value: boolean];
    disabledTrackByModerator: [data: { userPeerId: string; kind: 'audio' | 'video' }, value: boolean];
    disableAllMics: [data: undefined, value: boolean];
    disableAllCameras: [data: undefined, value: boolean];
    setHideIndicators: [data: boolean, value: boolean];
    leave: [data: undefined, value: boolean];
    participants: [data: undefined, value: Participant[]];
    sendMessage: [data: string, value: boolean];
    raiseHand: [data: undefined, value: boolean];
    lowerHand: [data: string | undefined, value: boolean];
    admit: [data: string | undefined, value: boolean];
    reject: [data: string | undefined, value: boolean];
    remove: [data: string, value: boolean];
    setWaitingRoom: [data: boolean, value: boolean];
    setRecording: [data: boolean, value: boolean];
    recording: [data: undefined, value: Recording | null];
    setToken: [data: string, value: boolean];
    diagnose: [data: undefined, value: Diagnosis];
    state: [data: undefined, value: State];
  }

  /** What events tell. */
  interface Events {
    join: Peer;
    ready: Record<string, never>;
    readyToJoin: Record<string, never>;
    switchOnCamera: Peer;
    switchOffCamera: Peer;
    errorGetCamera: Trouble;
    switchOnMic: Peer;
    switchOffMic: Peer;
    errorGetMic: Trouble;
    switchOnShare: Peer;
    switchOffShare: Peer;
    errorGetShare: Trouble;
    newPeer: Peer;
    peerClosed: Peer;
    connectionFailed: { code?: string; message?: string };
    disconnected: Record<string, never>;
    connectionClosed: Record<string, never>;
    connectionError: { peerId: string | null; error: string; code: ErrorCode };
    playingAudioPrevent: Record<string, never>;
    switchOnPin: { peerId: string };
    switchOffPin: Record<string, never>;
    errorGetPin: { peerId: string };
    message: Peer & { id: number; text: string; sentAt: number };
    handRaised: Peer;
    handLowered: Peer;
    /** Oneself has no id while waiting. */
    waiting: { peerId: string | null; displayName: string; removedBefore: boolean };
    waitingGone: Peer;
    roleChanged: Peer & { role: Role };
    connectionQuality: Peer & { quality: 'good' | 'fair' | 'poor' | 'lost' };
    recordingStarting: Recording;
    recordingStarted: Recording;
    recordingStopped: Recording;
    recordingReady: Recording;
    recordingFailed: Recording;
    tokenExpiring: { endsAt: number; left: number };
    left: { reason: string; by: 'participant' | 'host' | 'moderator' | 'server'; canRejoin: boolean };
  }

  /** Spellings that the reference product documents. */
  interface Aliases {
    nerrorGetCamera: Events['errorGetCamera'];
  }

  type MethodName = keyof Methods;
  type EventName = keyof Events | keyof Aliases;
  type Data<N extends MethodName> = Methods[N][0];
  type Value<N extends MethodName> = Methods[N][1];
  type Listener<E extends EventName> = (data: (Events & Aliases)[E], meta: Meta) => void;

  type PromiseMethods = {
    [N in MethodName]: undefined extends Data<N>
      ? (data?: Data<N>, options?: CallOptions) => Promise<Value<N>>
      : (data: Data<N>, options?: CallOptions) => Promise<Value<N>>;
  };

  /** Stable; the codes of the server come as they are. */
  type ErrorCode =
    | 'not_ready' | 'timeout' | 'destroyed' | 'unknown_method' | 'bad_data' | 'not_joined'
    | 'forbidden' | 'no_such_participant' | 'no_video' | 'device_denied' | 'device_not_found'
    | 'device_busy' | 'device_failed' | 'blocked_by_embedder' | 'insecure_context'
    | 'unsupported' | 'cancelled' | 'gesture_required' | 'broadcaster_limit'
    | 'connection_failed' | 'pin_required' | 'pin_wrong' | 'pin_limited' | (string & {});

  class MeetframeErrorClass extends Error {
    constructor(code: ErrorCode, message: string, method?: string);
    readonly code: ErrorCode;
    /** The method that failed. */
    readonly method: string | undefined;
  }
  type MeetframeError = MeetframeErrorClass;
}
