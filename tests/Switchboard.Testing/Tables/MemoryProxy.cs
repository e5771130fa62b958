using Azure;
using Azure.Data.Tables;
using Switchboard.Transcripts;

namespace Switchboard.Testing;

/// <summary>In front of tables in memory: what the service's own client would ask, one request each.</summary>
internal sealed class MemoryProxy(ITableStorage storage) : TableProxy
{
    public override string? ConnectionString => null;

    public override TranscriptTables Open(string prefix)
    {
        var tables = storage.Open(prefix);
        return new(new ProxiedTable(tables.Turns, this), new ProxiedTable(tables.Days, this), (_, _) => Task.CompletedTask);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A table whose requests may be lost.</summary>
internal sealed class ProxiedTable(TableClient table, TableProxy proxy) : TableClient
{
    public override string Name => table.Name;

    public override Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) =>
        AskAsync("POST", Name, () => table.AddEntityAsync(entity, cancellationToken), cancellationToken);

    public override Task<Response> UpsertEntityAsync<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
        AskAsync(Method(mode), Name, () => table.UpsertEntityAsync(entity, mode, cancellationToken), cancellationToken);

    public override Task<Response> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
        AskAsync(Method(mode), Name, () => table.UpdateEntityAsync(entity, ifMatch, mode, cancellationToken), cancellationToken);

    public override Task<Response> DeleteEntityAsync(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        AskAsync("DELETE", Name, () => table.DeleteEntityAsync(entity, ifMatch, cancellationToken), cancellationToken);

    public override Task<Response> DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        AskAsync("DELETE", Name, () => table.DeleteEntityAsync(partitionKey, rowKey, ifMatch, cancellationToken), cancellationToken);

    public override Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default) =>
        AskAsync("POST", "$batch", () => table.SubmitTransactionAsync(transactionActions, cancellationToken), cancellationToken);

    public override Task<Response<T>> GetEntityAsync<T>(string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        AskAsync("GET", Name, () => table.GetEntityAsync<T>(partitionKey, rowKey, select, cancellationToken), cancellationToken);

    public override Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        AskAsync("GET", Name, () => table.GetEntityIfExistsAsync<T>(partitionKey, rowKey, select, cancellationToken), cancellationToken);

    public override AsyncPageable<T> QueryAsync<T>(string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        new Asked<T>(this, table.QueryAsync<T>(filter, maxPerPage, select, cancellationToken), cancellationToken);

    private static string Method(TableUpdateMode mode) => mode is TableUpdateMode.Merge ? "PATCH" : "PUT";

    private async Task<T> AskAsync<T>(string method, string path, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        var action = await proxy.Decide(new TableRequest(method, $"/{path}")).AsTask().WaitAsync(cancellationToken);
        if (action is ProxyAction.DropAnswer)
        {
            await ((Task)ask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return action switch
        {
            ProxyAction.Drop or ProxyAction.DropAnswer => throw new RequestFailedException("The connection was lost."),
            ProxyAction.Busy => throw new RequestFailedException(503, "The service is busy."),
            ProxyAction.Refuse => throw new RequestFailedException(400, "The request is refused."),
            _ => await ask(),
        };
    }

    // A request for each page.
    private sealed class Asked<T>(ProxiedTable table, AsyncPageable<T> found, CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
        where T : class, ITableEntity
    {
        public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            await using var pages = found.AsPages().GetAsyncEnumerator(CancellationToken);
            Page<T>? page = null;
            do
            {
                if (await table.AskAsync("GET", table.Name, async () => await pages.MoveNextAsync(), CancellationToken))
                {
                    page = pages.Current;
                    yield return page;
                }
            }
            while (page?.ContinuationToken is not null);
        }
    }
}
