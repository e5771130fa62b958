using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Common;

namespace Switchboard.Hosting;

/// <summary>Tells at start of settings that nothing heeds.</summary>
internal sealed partial class SettingsNotice(IOptions<SwitchboardOptions> options, SettingsState settings, ILogger<SettingsNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (setting, reason) in IdleSettings.Warnings(options.Value, settings.Loaded.IsGiven))
        {
            NoEffect(logger, setting, reason);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 620, Level = LogLevel.Warning, Message = "The setting {Setting} has no effect: {Reason}")]
    internal static partial void NoEffect(ILogger logger, LogText setting, LogText reason);
}
