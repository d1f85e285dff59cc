import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { SearchController } from './search.controller.js';
import { SearchEverything } from './search-everything.js';

@Module({
  imports: [UsersModule],
  controllers: [SearchController],
  providers: [SearchEverything],
})
export class SearchModule {}
