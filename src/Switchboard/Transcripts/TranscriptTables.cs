using System.Text.Json;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Azure.Identity;
using Microsoft.Extensions.Logging;
using Switchboard.Vault;

namespace Switchboard.Transcripts;

/// <summary>The two tables: the turns of each call with the call itself, and the calls of each day.</summary>
/// <param name="turns">The table of turns.</param>
/// <param name="days">The table of days.</param>
/// <param name="create">Makes a table of that name.</param>
internal sealed class TranscriptTables(TableClient turns, TableClient days, Func<string, CancellationToken, Task> create)
{
    /// <summary>The longest that one request may take.</summary>
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(10);

    /// <param name="service">The storage account.</param>
    /// <param name="prefix">The beginning of their names.</param>
    // Not by CreateIfNotExistsAsync: it needs reflection for its JSON, which is off here.
    public TranscriptTables(TableServiceClient service, string prefix)
        : this(service.GetTableClient(NameOfTurns(prefix)), service.GetTableClient(NameOfDays(prefix)), service.CreateTableAsync)
    {
    }

    /// <param name="memory">Tables in memory, which are always there.</param>
    public TranscriptTables(MemoryTables memory)
        : this(memory.Turns, memory.Days, (_, _) => Task.CompletedTask)
    {
    }

    public TableClient Turns { get; } = turns;

    public TableClient Days { get; } = days;

    /// <summary>The tables that the settings name: a storage account's, else those in memory.</summary>
    public static TranscriptTables Of(TranscriptsOptions options, TimeProvider time, ILogger<MemoryTables> logger) =>
        options.TableServiceUri is { } service ? new(new TableServiceClient(service, AppIdentity.Credential(options.ClientId), ClientOptions()), options.TablePrefix)
        : options.ConnectionString is { Length: > 0 } account ? new(new TableServiceClient(account, ClientOptions()), options.TablePrefix)
        : new(new MemoryTables(options.TablePrefix, MemoryBounds.Default, time, logger));

    public static string NameOfTurns(string prefix) => $"{prefix}Turns";

    public static string NameOfDays(string prefix) => $"{prefix}Days";

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

    /// <summary>The row that is exact of a call: its entry among the calls of the day, or, while that is open, the call's own.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="columns">What is read of the other; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<TableEntity> ExactAsync(TableEntity entry, string[]? columns, CancellationToken cancellationToken)
    {
        if (entry.GetBoolean(nameof(CallSummary.IsOpen)) is not true)
        {
            return entry;
        }

        var (call, key) = TableKey.CallOf(entry.RowKey);
        var stored = await Turns.GetEntityIfExistsAsync<TableEntity>(call, TableKey.Owned(TableKey.Call, key), columns, cancellationToken);
        // One that began anew, after it was deleted, has another entry.
        return stored.HasValue && stored.Value!.GetDateTimeOffset(nameof(CallSummary.StartedAt)) == entry.GetDateTimeOffset(nameof(CallSummary.StartedAt)) ? stored.Value : entry;
    }

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        foreach (var table in (TableClient[])[Days, Turns])
        {
            try
            {
                await create(table.Name, cancellationToken);
            }
            catch (RequestFailedException failure) when (failure.ErrorCode == TableErrorCode.TableAlreadyExists)
            {
                // Somebody else was quicker.
            }
        }
    }
}
