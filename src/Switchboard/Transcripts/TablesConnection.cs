using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Switchboard.Vault;

namespace Switchboard.Transcripts;

/// <summary>How the table service is reached.</summary>
internal static class TablesConnection
{
    /// <summary>The longest that one request may take.</summary>
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(10);

    public static TableServiceClient For(TranscriptsOptions options) => options.TableServiceUri is { } service
        ? new TableServiceClient(service, AppIdentity.Credential(options.ClientId), ClientOptions())
        : new TableServiceClient(options.ConnectionString, ClientOptions());

    // What writes has a retry of its own, with all the time, and who reads is told at once.
    public static TableClientOptions ClientOptions() => new()
    {
        Retry = { NetworkTimeout = NetworkTimeout },
        RetryPolicy = new RetryPolicy(maxRetries: 0),
    };
}
