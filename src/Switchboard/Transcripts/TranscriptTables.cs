using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

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
