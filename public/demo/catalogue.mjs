// What the demonstration offers: methods in groups, with the fields of their
// data. A field is a kind and a name; `read` makes the data of its values.

/**
 * @typedef {object} Field
 * @property {'text' | 'number' | 'check' | 'peer' | 'waiting' | 'camera' | 'device' | 'choice'} kind
 * @property {string} label
 * @property {string | number | boolean} [value]
 * @property {string[]} [choices]
 */
/**
 * @typedef {object} Method
 * @property {string} name
 * @property {string} about
 * @property {Field[]} [fields]
 * @property {(...values: any[]) => unknown} [read]
 */

/** @type {Field} */
const PEER = { kind: 'peer', label: 'Participant' };
/** @type {Field} */
const WAITING = { kind: 'waiting', label: 'Who waits' };

/** @param {string} label @param {boolean} value @returns {Field[]} */
const check = (label, value) => [{ kind: 'check', label, value }];

/** @type {[string, Method[]][]} */
export const GROUPS = [
  ['Entering', [
    {
      name: 'join', about: 'Enter the room with these devices',
      fields: [...check('Camera', true), ...check('Microphone', true)],
      read: (video, audio) => ({ constraints: { video, audio } }),
    },
    { name: 'leave', about: 'Leave the room' },
    { name: 'setToken', about: 'Take another token', fields: [{ kind: 'text', label: 'Token', value: '' }] },
    { name: 'changeDisplayName', about: 'Change the own name', fields: [{ kind: 'text', label: 'Name', value: 'Tom' }] },
  ]],
  ['Devices', [
    { name: 'enableMic', about: 'Unmute the microphone' },
    { name: 'disableMic', about: 'Mute the microphone' },
    { name: 'isMicroEnabled', about: 'Whether the microphone is on' },
    { name: 'enableWebcam', about: 'Turn the camera on' },
    { name: 'disableWebcam', about: 'Turn the camera off' },
    { name: 'isCameraEnabled', about: 'Whether the camera is on' },
    { name: 'enableShare', about: 'Share a screen' },
    { name: 'disableShare', about: 'Stop sharing' },
    { name: 'isShareEnabled', about: 'Whether a screen is shared' },
    {
      name: 'changeDevice', about: 'Take another camera or microphone',
      fields: [{ kind: 'device', label: 'Device' }],
      read: (device) => ({ constraints: { [device.kind === 'audio' ? 'audio' : 'video']: device } }),
    },
    { name: 'setBitrate', about: 'Bits per second for the own video; 0: no limit', fields: [{ kind: 'number', label: 'Bits per second', value: 300_000 }] },
  ]],
  ['Sound', [
    { name: 'setVolume', about: 'How loud the others are, in percent', fields: [{ kind: 'number', label: 'Volume', value: 50 }] },
    { name: 'muteAudio', about: 'Silence the others' },
    { name: 'unmuteAudio', about: 'Let the others be heard' },
    { name: 'playAudio', about: 'Start sound that the browser held back' },
  ]],
  ['Look', [
    { name: 'enablePin', about: 'Put somebody on the stage', fields: [PEER] },
    { name: 'disablePin', about: 'Let the stage go' },
    { name: 'getScreenshotByPeerId', about: 'A picture of somebody’s video', fields: [PEER] },
    { name: 'setControlsVisible', about: 'Show or hide the controls', fields: check('Visible', false) },
    { name: 'setHideIndicators', about: 'Hide names and icons on tiles', fields: check('Hidden', true) },
    {
      name: 'setLocale', about: 'Change the language',
      fields: [{ kind: 'choice', label: 'Language', choices: ['en', 'de', 'es', 'fr', 'ru', 'ar'], value: 'de' }],
    },
    { name: 'enableFullscreen', about: 'Fill the screen' },
    { name: 'disableFullscreen', about: 'Leave full screen' },
    { name: 'isFullscreenEnabled', about: 'Whether the frame fills the screen' },
  ]],
  ['People', [
    { name: 'participants', about: 'Everybody on stage' },
    { name: 'sendMessage', about: 'Write into the chat', fields: [{ kind: 'text', label: 'Text', value: 'Hello!' }] },
    { name: 'raiseHand', about: 'Raise the hand, where the room has hands' },
    { name: 'lowerHand', about: 'Lower the hand' },
  ]],
  ['For moderators', [
    {
      name: 'disabledTrackByModerator', about: 'Turn somebody’s microphone or camera off',
      fields: [PEER, { kind: 'choice', label: 'Kind', choices: ['audio', 'video'] }],
      read: (userPeerId, kind) => ({ userPeerId, kind }),
    },
    { name: 'disableAllMics', about: 'Turn all microphones off' },
    { name: 'disableAllCameras', about: 'Turn all cameras off' },
    { name: 'setWaitingRoom', about: 'Have newcomers wait', fields: check('Wait', true) },
    { name: 'setRecording', about: 'Start or stop the recording', fields: check('Record', true) },
    { name: 'admit', about: 'Let somebody in', fields: [WAITING] },
    { name: 'reject', about: 'Turn somebody away', fields: [WAITING] },
    { name: 'remove', about: 'Remove somebody', fields: [PEER] },
  ]],
  ['What is', [
    { name: 'state', about: 'How everything is now' },
    { name: 'recording', about: 'The recording, if there is one' },
    { name: 'diagnose', about: 'What your page lacks, with the line to add' },
  ]],
];
