using System.Globalization;
using System.Runtime.InteropServices;
using HostStandIn;

if (args is not [var folder, .. var rest] || rest is not ([] or ["--port", _]))
{
    await Console.Error.WriteLineAsync("usage: HostStandIn PUBLISHED-WORKER [--port PORT]");
    return 2;
}

using var end = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
var port = rest is [_, var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 0;
try
{
    await using var host = await StandInHost.StartAsync(folder, [], end.Token, port: port, echo: Console.Error.WriteLine);
    Console.WriteLine($"The stand-in of the Functions host answers at {host.Address.ToString().TrimEnd('/')}");
    var code = await host.Worker.EndAsync(end.Token);
    await Console.Error.WriteLineAsync($"Error: The worker ended with code {code}.");
    return 1;
}
catch (OperationCanceledException) when (end.IsCancellationRequested)
{
    return 0;
}
catch (InvalidOperationException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    end.Cancel();
}
