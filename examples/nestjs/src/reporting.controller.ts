import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Admission as Admitted } from '@tollgate/client/gate';
import { Admission, RequireEntitlement } from '@tollgate/nestjs';

@Controller()
export class ReportingController {
  @Get('sso')
  @RequireEntitlement('feature-sso')
  sso() {
    return { loginUrl: 'https://login.example.com' };
  }

  @Post('uploads')
  @RequireEntitlement('feature-max-upload-mb', {
    atMost: (context) => context.switchToHttp().getRequest().body.megabytes,
  })
  upload(@Body() body: { megabytes: number }) {
    return { megabytes: body.megabytes };
  }

  @Get('exports/:format')
  @RequireEntitlement('feature-export-formats', {
    values: (context) => context.switchToHttp().getRequest().params.format,
  })
  exportAs(@Param('format') format: string) {
    return { format };
  }

  @Post('projects')
  @RequireEntitlement('feature-projects', { usage: 1 })
  createProject() {
    return { project: 'created' };
  }

  @Delete('projects/:id')
  @HttpCode(204)
  @RequireEntitlement('feature-projects', { usage: -1 })
  deleteProject() {}

  @Post('reports')
  @RequireEntitlement('feature-reports', { usage: 1 })
  createReport(@Admission() admission: Admitted) {
    return { report: `for ${admission.customerId}` };
  }

  @Get('data')
  @RequireEntitlement('feature-api-calls', { usage: 1 })
  data() {
    return { rows: [1, 2, 3] };
  }
}
