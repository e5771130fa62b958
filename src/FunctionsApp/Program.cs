using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Hosting;
using Switchboard;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSwitchboard(builder.Configuration);
builder.Services.AddSwitchboardTelemetry(builder.Configuration)?.UseFunctionsWorkerDefaults();
builder.Build().Run();
