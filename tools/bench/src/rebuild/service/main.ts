import 'reflect-metadata';
import { startService } from '@tillbridge/messaging';
import { SpeakerModule } from './speaker.module.js';

await startService({ service: 'connector', module: SpeakerModule });
