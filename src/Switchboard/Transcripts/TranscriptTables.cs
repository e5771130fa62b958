using System.Text.Json;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Azure.Identity;
using Switchboard.Vault;

namespace Switchboard.Transcripts;

/// <summary>The two tables: the turns of each call with the call itself, and the calls of each day.</summary>
/// <param name="service">The storage account.</param>
/// <param name="prefix">The beginning of their names.</param>
internal sealed class TranscriptTables(TableServiceClient service, string prefix)
{
    /// <summary>The longest that one request may take.</summary>
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(10);

    public TranscriptTables(TranscriptsOptions options)
        : this(
            options.TableServiceUri is { } service
                ? new TableServiceClient(service, AppIdentity.Credential(options.ClientId), ClientOptions())
                : new TableServiceClient(options.ConnectionString, ClientOptions()),
            options.TablePrefix)
    {
    }

    public TableClient Turns { get; } = service.GetTableClient($"{prefix}Turns");

    public TableClient Days { get; } = service.GetTableClient($"{prefix}Days");

    // What writes has a retry of its own, with all the time, and who reads is told at once.
    public static TableClientOptions ClientOptions() => new()
    {
        Retry = { NetworkTimeout = NetworkTimeout },
        RetryPolicy = new RetryPolicy(maxRetries: 0),
    };

    /// <summary>Whether <paramref name="failure"/> says that the tables have not been made yet, or are gone.</summary>
    public static bool AreMissing(RequestFailedException failure) => failure.ErrorCode == TableErrorCode.TableNotFound;

    /// <summary>Whether <paramref name="failure"/> says that a row has been changed, made or deleted by somebody else.</summary>
    public static bool IsConflict(RequestFailedException failure) => failure.Status is 409 or 412 || failure.ErrorCode == TableErrorCode.ResourceNotFound;

    /// <summary>
    /// Whether <paramref name="failure"/> is one of the table service, of the identity that is asked with, or of the way there. Anything else
    /// is an error in this app.
    /// </summary>
    public static bool IsOutage(Exception failure) => failure switch
    {
        AggregateException several => several.InnerExceptions.All(IsOutage),
        // A pattern of ours that took too long.
        RegexMatchTimeoutException => false,
        // JSON that is none: something else answered in the service's place.
        _ => failure is RequestFailedException or AuthenticationFailedException or HttpRequestException or IOException or TimeoutException
            or OperationCanceledException or JsonException,
    };

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        foreach (var table in (TableClient[])[Days, Turns])
        {
            try
            {
                // Not by CreateIfNotExistsAsync: it needs reflection for its JSON, which is off here.
                await service.CreateTableAsync(table.Name, cancellationToken);
            }
            catch (RequestFailedException failure) when (failure.ErrorCode == TableErrorCode.TableAlreadyExists)
            {
                // Somebody else was quicker.
            }
        }
    }
}
