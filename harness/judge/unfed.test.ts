import { describe, expect, test } from 'vitest';
import { syntheticRecording } from '../testing/synthetic-recording.ts';
import { withoutUnfed } from './unfed.ts';

