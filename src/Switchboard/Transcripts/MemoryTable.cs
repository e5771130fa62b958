using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Switchboard.Transcripts;

/// <summary>
/// A table in memory that answers as the table service does: by entity tags, transactions, filters and pages, and with its errors. It has what this app asks
/// for, and rows of type <see cref="TableEntity"/>.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="gate">What guards it and the tables beside it.</param>
/// <param name="time">The clock.</param>
/// <param name="changed">Told of the partition after each change, within the gate.</param>
/// <remarks>https://learn.microsoft.com/rest/api/storageservices/table-service-rest-api</remarks>
internal sealed class MemoryTable(string name, Lock gate, TimeProvider time, Action<MemoryTable, string> changed) : TableClient
{
    // https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination
    private const int MaxPage = 1000;

    private const int MaxChanges = 100;

    private const string Tag = "odata.etag";

    private readonly SortedDictionary<string, SortedDictionary<string, MemoryRow>> _partitions = new(StringComparer.Ordinal);
    private long _changes;

    public override string Name => name;

    /// <summary>How many rows there are.</summary>
    public int Rows { get; private set; }

    /// <summary>The memory that they take, in bytes, roughly.</summary>
    public long Bytes { get; private set; }

    /// <summary>Within the gate.</summary>
    public bool Has(string partition) => _partitions.ContainsKey(partition);

    /// <summary>Deletes a partition, within the gate.</summary>
    public void Remove(string partition)
    {
        foreach (var row in _partitions.GetValueOrDefault(partition)?.Keys.ToList() ?? [])
        {
            Put(partition, row, null);
        }
    }

    /// <summary>Deletes rows by their keys, within the gate.</summary>
    public void Remove(Func<string, string, bool> isMeant)
    {
        foreach (var (partition, row) in _partitions.SelectMany(partition => partition.Value.Keys.Select(row => (partition.Key, row))).Where(keys => isMeant(keys.Key, keys.row)).ToList())
        {
            Put(partition, row, null);
        }
    }

    public override Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) =>
        ChangeAsync(new TableTransactionAction(TableTransactionActionType.Add, entity), cancellationToken);

    public override Task<Response> UpsertEntityAsync<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
        ChangeAsync(new TableTransactionAction(mode is TableUpdateMode.Merge ? TableTransactionActionType.UpsertMerge : TableTransactionActionType.UpsertReplace, entity), cancellationToken);

    public override Task<Response> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
        ChangeAsync(new TableTransactionAction(mode is TableUpdateMode.Merge ? TableTransactionActionType.UpdateMerge : TableTransactionActionType.UpdateReplace, entity, ifMatch), cancellationToken);

    public override Task<Response> DeleteEntityAsync(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);

    public override async Task<Response> DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        try
        {
            return await ChangeAsync(new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partitionKey, rowKey), ifMatch), cancellationToken);
        }
        catch (RequestFailedException failure) when (failure.Status == (int)HttpStatusCode.NotFound)
        {
            // As Azure's client: what is to be gone is.
            return new MemoryResponse(HttpStatusCode.NotFound);
        }
    }

    public override Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default) =>
        AnswerAsync(() => Response.FromValue<IReadOnlyList<Response>>(Change([.. transactionActions]), new MemoryResponse(HttpStatusCode.Accepted)), cancellationToken);

    public override Task<Response<T>> GetEntityAsync<T>(string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        AnswerAsync(() => Response.FromValue(As<T>(Find(partitionKey, rowKey) ?? throw NotFound(), select), new MemoryResponse(HttpStatusCode.OK)), cancellationToken);

    public override Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        AnswerAsync<NullableResponse<T>>(
            () => Find(partitionKey, rowKey) is { } row ? Response.FromValue(As<T>(row, select), new MemoryResponse(HttpStatusCode.OK)) : new NoRow<T>(), cancellationToken);

    public override AsyncPageable<T> QueryAsync<T>(string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        new Found<T>(this, TableFilter.Parse(filter), maxPerPage ?? MaxPage, select is null ? null : [.. select], cancellationToken);

    private Task<Response> ChangeAsync(TableTransactionAction action, CancellationToken cancellationToken) => AnswerAsync<Response>(() => Change([action])[0], cancellationToken);

    // A task that has failed rather than an exception: nobody awaits this one's beginning.
    private Task<T> AnswerAsync<T>(Func<T> answer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            lock (gate)
            {
                return Task.FromResult(answer());
            }
        }
        catch (RequestFailedException failure)
        {
            return Task.FromException<T>(failure);
        }
    }

    // All or none of them, of one partition and each of a row of its own.
    // https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
    private List<MemoryResponse> Change(IReadOnlyList<TableTransactionAction> actions)
    {
        if (actions.Count > MaxChanges)
        {
            throw Failure(HttpStatusCode.BadRequest, TableErrorCode.InvalidInput);
        }

        if (actions.Any(action => action.Entity.PartitionKey != actions[0].Entity.PartitionKey))
        {
            throw Failure(HttpStatusCode.BadRequest, TableErrorCode.CommandsInBatchActOnDifferentPartitions);
        }

        if (actions.DistinctBy(action => action.Entity.RowKey).Count() < actions.Count)
        {
            throw Failure(HttpStatusCode.BadRequest, TableErrorCode.InvalidDuplicateRow);
        }

        foreach (var action in actions)
        {
            Demand(action, Find(action.Entity.PartitionKey, action.Entity.RowKey));
        }

        var answers = actions.Select(Make).ToList();
        changed(this, actions[0].Entity.PartitionKey);
        return answers;
    }

    private static void Demand(TableTransactionAction action, MemoryRow? stored)
    {
        var (isAdded, isUpserted) = (action.ActionType is TableTransactionActionType.Add, action.ActionType is TableTransactionActionType.UpsertMerge or TableTransactionActionType.UpsertReplace);
        if (isAdded && stored is not null)
        {
            throw Failure(HttpStatusCode.Conflict, TableErrorCode.EntityAlreadyExists);
        }

        if (isAdded || isUpserted)
        {
            return;
        }

        if (stored is null)
        {
            throw NotFound();
        }

        if (action.ETag != ETag.All && action.ETag != default && action.ETag != stored.Entity.ETag)
        {
            throw Failure(HttpStatusCode.PreconditionFailed, TableErrorCode.UpdateConditionNotSatisfied);
        }
    }

    private MemoryResponse Make(TableTransactionAction action)
    {
        var (partition, row) = (action.Entity.PartitionKey, action.Entity.RowKey);
        if (action.ActionType is TableTransactionActionType.Delete)
        {
            Put(partition, row, null);
            return new MemoryResponse(HttpStatusCode.NoContent);
        }

        var stored = action.ActionType is TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge ? Find(partition, row)?.Entity : null;
        var entity = stored is null ? new TableEntity(partition, row) : new TableEntity(stored);
        foreach (var (column, value) in (TableEntity)action.Entity)
        {
            if (value is not null && column is not Tag)
            {
                entity[column] = value;
            }
        }

        entity.Timestamp = time.GetUtcNow();
        entity.ETag = new ETag(string.Create(CultureInfo.InvariantCulture, $"W/\"{++_changes}\""));
        Put(partition, row, MemoryRow.Of(entity));
        return new MemoryResponse(HttpStatusCode.NoContent, entity.ETag);
    }

    private void Put(string partition, string row, MemoryRow? entity)
    {
        if (Find(partition, row) is { } before)
        {
            Rows--;
            Bytes -= before.Bytes;
            _partitions[partition].Remove(row);
        }

        if (entity is null)
        {
            if (_partitions.GetValueOrDefault(partition) is { Count: 0 })
            {
                _partitions.Remove(partition);
            }

            return;
        }

        Rows++;
        Bytes += entity.Bytes;
        if (!_partitions.TryGetValue(partition, out var rows))
        {
            _partitions[partition] = rows = new(StringComparer.Ordinal);
        }

        rows[row] = entity;
    }

    private MemoryRow? Find(string partition, string row) => _partitions.GetValueOrDefault(partition)?.GetValueOrDefault(row);

    private IEnumerable<MemoryRow> Matching(TableFilter filter, (string Partition, string Row)? after) =>
        from partition in filter.Partition is { } only ? _partitions.TryGetValue(only, out var rows) ? [KeyValuePair.Create(only, rows)] : [] : _partitions.AsEnumerable()
        let order = after is { } last ? string.CompareOrdinal(partition.Key, last.Partition) : 1
        where order >= 0
        from row in partition.Value
        where (order > 0 || string.CompareOrdinal(row.Key, after!.Value.Row) > 0) && filter.Matches(row.Value.Entity)
        select row.Value;

    // The client's generic parameter; this app reads no other type.
    private static T As<T>(MemoryRow row, IEnumerable<string>? select)
        where T : class, ITableEntity
    {
        var entity = row.Entity;
        var copy = new TableEntity(select is null ? entity : entity.Where(column => column.Key is Tag || select.Contains(column.Key)).ToDictionary(StringComparer.Ordinal));
        return (T)(object)copy;
    }

    private static RequestFailedException NotFound() => Failure(HttpStatusCode.NotFound, TableErrorCode.ResourceNotFound);

    private static RequestFailedException Failure(HttpStatusCode status, TableErrorCode code) => new((int)status, $"The table in memory refused it: {code}.", code.ToString(), null);

    /// <summary>What a filter finds, page by page; each page is as the table is when it is asked for.</summary>
    private sealed class Found<T>(MemoryTable table, TableFilter filter, int size, string[]? select, CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
        where T : class, ITableEntity
    {
        public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            (string, string)? last = null;
            for (var hasMore = true; hasMore;)
            {
                var after = last;
                var rows = await table.AnswerAsync(() => table.Matching(filter, after).Take(size + 1).ToList(), CancellationToken);
                hasMore = rows.Count > size;
                var page = rows.Take(size).ToList();
                last = page is [.., var end] ? (end.Entity.PartitionKey, end.Entity.RowKey) : null;
                yield return Page<T>.FromValues([.. page.Select(row => As<T>(row, select))], hasMore ? "more" : null, new MemoryResponse(HttpStatusCode.OK));
            }
        }
    }

    private sealed class NoRow<T> : NullableResponse<T>
    {
        public override bool HasValue => false;

        public override T Value => throw NotFound();

        public override Response GetRawResponse() => new MemoryResponse(HttpStatusCode.NotFound);
    }
}

/// <summary>An answer of <see cref="MemoryTable"/>: its status, and the entity tag of what was written.</summary>
internal sealed class MemoryResponse(HttpStatusCode status, ETag? tag = null) : Response
{
    public override int Status => (int)status;

    public override string ReasonPhrase => status.ToString();

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = "";

    public override void Dispose()
    {
    }

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = ContainsHeader(name) ? tag.ToString() : null;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }

    protected override bool ContainsHeader(string name) => tag is not null && name.Equals(HttpHeader.Names.ETag, StringComparison.OrdinalIgnoreCase);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => tag is null ? [] : [new HttpHeader(HttpHeader.Names.ETag, tag.ToString()!)];
}
