using System.Runtime.InteropServices;
using Caller.Commands;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

await using var services = new ServiceCollection().AddPlatformHttp().BuildServiceProvider();
using var interrupts = new Interrupts();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
{
    // The second Ctrl+C after the one that ends the command kills it.
    context.Cancel = !interrupts.End.IsCancellationRequested;
    interrupts.Raise();
});

var error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
if (Console.IsOutputRedirected)
{
    // There is no terminal to ask for its width, and 80 columns would break most lines.
    AnsiConsole.Profile.Width = 140;
}

if (Console.IsErrorRedirected)
{
    error.Profile.Width = 140;
}

using var output = Console.OpenStandardOutput();
var host = new CallerHost(
    services.GetRequiredService<IHttpClientFactory>(),
    TimeProvider.System,
    AnsiConsole.Console,
    error,
    Console.In,
    !Console.IsInputRedirected,
    output,
    Environment.GetEnvironmentVariable,
    interrupts);
return await CallerApp.RunAsync(args, host);
