using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Settings;

namespace Switchboard.Keys;

/// <summary>Says at start where the keys come from, or that there is no source and every request will be refused.</summary>
internal sealed class AccessNotice(IOptions<SwitchboardOptions> options, KeyAge age, ILogger<AccessNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Publishing begins when the gauge is made.
        _ = age;
        var access = options.Value.Access;
        if (access.KeyVault.Uri is { } vault)
        {
            var address = vault.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
            AccessLog.Sources(logger, access.ApiKeys.Count, address, access.KeyVault.SecretName);
        }
        else if (access.ApiKeys.Count > 0)
        {
            AccessLog.Configured(logger, access.ApiKeys.Count);
        }
        else
        {
            AccessLog.NoSource(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
