import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AddUser } from './add-user.js';
import { UserFacts } from './user-facts.js';
import { UserTable } from './user-table.js';
import { User, UserGroup, UserRole } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([User, UserRole, UserGroup])],
  controllers: [UsersController],
  providers: [UsersService, UserTable, UserFacts, AddUser],
  exports: [UsersService],
})
export class UsersModule {}
