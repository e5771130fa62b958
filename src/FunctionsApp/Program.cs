using FunctionsApp;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard;
using Switchboard.Common;
using Switchboard.Hosting;

// The host starts a worker again that ended with any code but 0; after 0 it lets every later call wait for ever. 200 tells it that nothing is wrong
// (Azure/azure-functions-host, WorkerConstants.IntentionalRestartExitCode).
const int AskedToEnd = 200;
const int Failed = 1;
var longestDrain = TimeSpan.FromSeconds(4);

// Even where something in the process asks for 0.
AppDomain.CurrentDomain.ProcessExit += (_, _) => Environment.ExitCode = Environment.ExitCode is 0 ? AskedToEnd : Environment.ExitCode;

try
{
    using var log = new StandardErrorLog(Console.Error);
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Shell.LogLevels });
    // Below app settings and the environment.
    builder.Configuration.Sources.Insert(1, new SettingsPlace(new LocalSettingsFolder(AppContext.BaseDirectory)));
    builder.Logging.AddProvider(log).AddFilter<StandardErrorLog>("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    // Before the worker's own steps, which write the answers.
    builder.Use(log.Watch);
    builder.UseMiddleware<LostRequests>();
    builder.ConfigureFunctionsWebApplication();
    builder.Services.Configure<KestrelServerOptions>(kestrel =>
    {
        kestrel.AddServerHeader = false;
        // The endpoints have a limit of their own. At Kestrel's the host would answer with an empty 500.
        kestrel.Limits.MaxRequestBodySize = null;
        // Twice what the host takes, which has Kestrel's own limits and adds headers: what is refused here leaves an invocation that waits for
        // its request until the client has gone.
        kestrel.Limits.MaxRequestHeaderCount *= 2;
        kestrel.Limits.MaxRequestHeadersTotalSize *= 2;
        kestrel.Limits.MaxRequestLineSize *= 2;
    });
    // MVC, which the worker brings along, makes keys at every start and warns of where it keeps them. Nothing is signed with them here.
    foreach (var keys in builder.Services.Where(service => service.ImplementationType?.Name == "DataProtectionHostedService").ToList())
    {
        builder.Services.Remove(keys);
    }

    builder.Services.AddSingleton<IFunctionMetadataTransformer, FunctionKeys>();
    builder.Services.AddSwitchboard(builder.Configuration);
    // The host kills a worker 5 s after it was told to end. Answers that run have 4 of them, and 0.2 s to be taken to their end; transcripts that still wait then, 0.4 s; the
    // exporters the rest. Where no answer runs, the transcripts have all but the rest.
    builder.Services.PostConfigure<SwitchboardOptions>(settings => settings.Limits.Drain = settings.Limits.Drain < longestDrain ? settings.Limits.Drain : longestDrain);
    builder.Services.PostConfigure<HostOptions>(host => host.ShutdownTimeout = longestDrain + TimeSpan.FromMilliseconds(200));
    builder.Services.AddSwitchboardTelemetry(builder.Configuration)?.UseFunctionsWorkerDefaults();

    using var signals = Shell.EndAtSecondSignal();
    using var host = builder.Build();
    host.Settings();
    try
    {
        await host.StartAsync();
        await host.WaitForShutdownAsync();
    }
    catch (Exception unclean) when (host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
    {
        // Asked to end while it was starting, or not all of it stopped in time: it ends all the same, and not as one that crashed.
        await Console.Error.WriteLineAsync($"Warning: The worker did not end in good order: {FailureText.Describe(unclean)}");
    }

    if (host.Failure() is not { } failure)
    {
        return AskedToEnd;
    }

    // In the place of the two records that the .NET host makes of it, with the stack in both.
    await Console.Error.WriteLineAsync($"Error: {failure}");
    return Failed;
}
catch (OptionsValidationException failure)
{
    // One line, which the host takes for one record.
    await Console.Error.WriteLineAsync($"Error: The settings are wrong: {string.Join(' ', failure.Failures)}".ReplaceLineEndings(" "));
    return Failed;
}
