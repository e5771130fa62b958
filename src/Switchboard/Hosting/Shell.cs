using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Switchboard.Common;

namespace Switchboard.Hosting;

/// <summary>What both shells do alike around the engine.</summary>
internal static class Shell
{
    /// <summary>
    /// The levels of what is not ours, unless the configuration says otherwise: at Information ASP.NET Core writes four records a request, two
    /// of them with the raw query string, and the clients of Azure one for each of theirs.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string?>> LogLevels { get; } =
        from category in (string[])["Microsoft", "System", "Azure"] select KeyValuePair.Create($"Logging:LogLevel:{category}", (string?)"Warning");

    /// <summary>Reads the settings before anything starts, so that a bad one is told by the program and not by the log.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong; the exception names every failure.</exception>
    public static SwitchboardOptions Settings(this IHost host) => host.Services.Settings();

    /// <summary>
    /// Has the second SIGTERM or SIGINT end the process at once, with the code that a signal ends with (128 and its number): the first one waits for the turns that run, and
    /// who asks twice does not want to. The host itself takes any number of them for one.
    /// </summary>
    /// <returns>To be disposed with the host.</returns>
    public static IDisposable EndAtSecondSignal() => new SecondSignal();

    /// <summary>The background service whose failure has ended the host, and how it failed; null where the end was asked for.</summary>
    public static string? Failure(this IHost host) => host.Services.GetServices<IHostedService>().OfType<BackgroundService>()
        .Where(service => service.ExecuteTask is { IsFaulted: true })
        .Select(service => $"{service.GetType().Name} failed: {FailureText.Describe(service.ExecuteTask!.Exception!.InnerException!)}")
        .FirstOrDefault();

    private sealed class SecondSignal : IDisposable
    {
        private readonly PosixSignalRegistration[] _signals;
        private int _count;

        public SecondSignal() => _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Count(15)), PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Count(2))];

        public void Dispose() => Array.ForEach(_signals, signal => signal.Dispose());

        private void Count(int number)
        {
            if (Interlocked.Increment(ref _count) > 1)
            {
                Environment.Exit(128 + number);
            }
        }
    }
}
