using System.Text.Json;
using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Azure.Identity;

namespace Switchboard.Transcripts;

/// <summary>The two tables: the turns of each call with the call itself, and the calls of each day.</summary>
/// <param name="service">The storage account.</param>
/// <param name="prefix">The beginning of their names.</param>
internal sealed class TranscriptTables(TableServiceClient service, string prefix)
{
    public TableClient Turns { get; } = service.GetTableClient($"{prefix}Turns");

    public TableClient Days { get; } = service.GetTableClient($"{prefix}Days");

    /// <summary>Whether <paramref name="fault"/> says that the tables have not been made yet, or are gone.</summary>
    public static bool AreMissing(RequestFailedException fault) => fault.ErrorCode == TableErrorCode.TableNotFound;

    /// <summary>
    /// Whether <paramref name="fault"/> is one of the table service, of the identity that is asked with, or of the way there. Anything else
    /// is a fault of this app.
    /// </summary>
    public static bool IsOutage(Exception fault) => fault switch
    {
        AggregateException several => several.InnerExceptions.All(IsOutage),
        // A pattern of ours that took too long.
        RegexMatchTimeoutException => false,
        // JSON that is none: something else answered in the service's place.
        _ => fault is RequestFailedException or AuthenticationFailedException or HttpRequestException or IOException or TimeoutException
            or OperationCanceledException or JsonException,
    };

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await CreateAsync(Days, cancellationToken);
        await CreateAsync(Turns, cancellationToken);
    }

    // Not by CreateIfNotExistsAsync: it needs reflection for its JSON, which is off here.
    private async Task CreateAsync(TableClient table, CancellationToken cancellationToken)
    {
        try
        {
            await service.CreateTableAsync(table.Name, cancellationToken);
        }
        catch (RequestFailedException fault) when (fault.ErrorCode == TableErrorCode.TableAlreadyExists)
        {
            // Somebody else was quicker.
        }
    }
}
