/** Where callers are turned away: who may connect at all, who may ask, and with what. */
export type Door =
  | 'host'
  | 'connections'
  | 'origins'
  | 'callers'
  | 'content'
  | 'bodies'
  | 'documents'
  | 'variables'
  | 'operations'
  | 'media'
  | 'metrics';

export interface EndedOperation {
  readonly transport: 'http' | 'websocket';
  readonly type: 'query' | 'mutation' | 'subscription' | 'media' | 'unknown';
  /** As in its line of the log. */
  readonly code: string;
  readonly ms: number;
}

/** What happens in the transports, as plain numbers; whoever wants to know reads them when it likes. */
export interface TransportStats {
  /** The operations that run, by what they came over. */
  readonly running: Record<EndedOperation['transport'], number>;
  /** How often each door has turned somebody away, by the code that they were told. */
  readonly refusals: Map<Door, Map<string, number>>;
  /** Called as an operation ends. */
  onOperationEnd?: (operation: EndedOperation) => void;
}

export function createTransportStats(): TransportStats {
  return { running: { http: 0, websocket: 0 }, refusals: new Map() };
}

export function countRefusal({ refusals }: TransportStats, door: Door, code: string): void {
  const ofDoor = refusals.get(door) ?? new Map<string, number>();
  ofDoor.set(code, (ofDoor.get(code) ?? 0) + 1);
  refusals.set(door, ofDoor);
}
