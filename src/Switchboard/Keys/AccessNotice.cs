using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Keys;

/// <summary>
/// Says at start where the keys come from, or that there is no source and every request will be refused. From then on the age of the keys is
/// published: an alert on it comes before an outage of the vault does.
/// </summary>
internal sealed partial class AccessNotice(AccessOptions options, AccessHealth health, IMeterFactory meters, ILogger<AccessNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters.Create(SwitchboardSource.Name).CreateObservableGauge(
            "switchboard.keys.age",
            () => health.Age() is { } age ? [new Measurement<double>(age.TotalSeconds)] : Array.Empty<Measurement<double>>(),
            "s",
            "Time since the API keys were last loaded in full; 0 for keys in configuration, nothing while none are loaded.");
        foreach (var (list, keys) in new[]
        {
            (nameof(options.ApiKeys), options.ApiKeys), (nameof(options.OperatorKeys), options.OperatorKeys), (nameof(options.CallbackTokens), options.CallbackTokens),
        })
        {
            for (var index = 0; index < keys.Count; index++)
            {
                if (KeyText.LooksNamed(keys[index]))
                {
                    var setting = $"Access:{list}:{index}";
                    Unnamed(logger, setting);
                }
            }
        }

        if (options.KeyVault.Uri is { } vault)
        {
            var address = vault.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
            Sources(logger, options.ApiKeys.Count, address, options.KeyVault.SecretName);
        }
        else if (options.ApiKeys.Count > 0)
        {
            Configured(logger, options.ApiKeys.Count);
        }
        else
        {
            NoSource(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "API keys: {Configured} in configuration, and those in key vault {Vault}, secret {Secret}")]
    private static partial void Sources(ILogger logger, int configured, LogText vault, LogText secret);

    [LoggerMessage(EventId = 301, Level = LogLevel.Information, Message = "API keys: {Configured} in configuration")]
    private static partial void Configured(ILogger logger, int configured);

    [LoggerMessage(EventId = 302, Level = LogLevel.Error, Message =
        "No API key is configured, so every request is refused: set Access:KeyVault:Uri, or Access:ApiKeys:0 for a local run")]
    private static partial void NoSource(ILogger logger);

    [LoggerMessage(EventId = 313, Level = LogLevel.Information, Message =
        "{Setting}: the colon has no space after it and is a part of the key; to give the key a name, write 'name: key'")]
    private static partial void Unnamed(ILogger logger, LogText setting);
}
