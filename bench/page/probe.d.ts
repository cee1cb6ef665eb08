/** What probe.js leaves in a page. */
interface Window {
  probe: {
    /** When each moment first happened, in milliseconds since the navigation. */
    moments: Record<string, number> & { click: number; hydrated: number };
    /** Resolves when something has happened. */
    when(name: string): Promise<number>;
  };
}
