import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { Demo } from './demo.js';

@Module({ imports: [UsersModule], providers: [Demo] })
export class DemoModule {}
