/**
 * The heap that a service may have, as a container would limit it: with none, V8 rather grows than
 * collects, and what is measured is the machine's memory.
 */
export const CONTAINER_HEAP = { NODE_OPTIONS: '--max-old-space-size=192' };
