/** What a server tells, as what reads two of them together sees it. */

/** A process that sends WAL, as the primary shows it. */
export interface Sender {
  address: string;
  name: string;
  state: string;
  sync: string;
  slot?: string;
  logical?: boolean;
  replays: boolean;
  replay?: string;
  unreceivedBytes?: number;
  lagBytes?: number;
  repliedAt?: number;
}

/** A server's value of the probe `postgres`. */
export interface Server {
  state: string;
  said?: string;
  version?: number;
  role?: 'primary' | 'standby';
  now?: number;
  timeline?: number;
  written?: string;
  writtenPosition?: number;
  receivedPosition?: number;
  replayedPosition?: number;
  pendingBytes?: number;
  replay?: string;
  pause?: string;
  replayWaits?: string;
  receiver?: string;
  hiddenReceiver?: true;
  hiddenSenders?: number;
  asks?: { name: string; slot: string; host: string; port?: number };
  heardAgeMs?: number;
  senderTimeoutMs?: number;
  receiverTimeoutMs?: number;
  statusIntervalMs?: number;
  applyDelayMs?: number;
  conflictDelayMs?: number;
  port?: number;
  limits?: Partial<Record<string, number>>;
  synchronous?: { state: string; spare?: number };
  senders?: Sender[];
}
