using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Switchboard.Transcripts;

namespace Switchboard.Testing;

/// <summary>Where transcripts are kept.</summary>
internal interface ITableStorage
{
    /// <summary>The settings' connection string; null for tables in memory.</summary>
    string? ConnectionString { get; }

    /// <summary>The tables whose names begin so; the same for all who ask.</summary>
    TranscriptTables Open(string prefix);
}

/// <summary>Where the tests of a class keep transcripts: what holds for one place holds for all.</summary>
public abstract class TestTables
{
    internal abstract Task<ITableStorage> OpenAsync();
}

/// <summary>In memory, each test for itself, and without an end to it.</summary>
public sealed class TablesInMemory : TestTables
{
    private readonly MemoryStorage _storage = new(new MemoryBounds(int.MaxValue, int.MaxValue, long.MaxValue));

    internal override Task<ITableStorage> OpenAsync() => Task.FromResult<ITableStorage>(_storage);
}

/// <summary>Tables in memory.</summary>
internal sealed class MemoryStorage(MemoryBounds bounds, ILogger? logger = null) : ITableStorage
{
    private readonly ConcurrentDictionary<string, MemoryTables> _tables = new(StringComparer.Ordinal);

    public string? ConnectionString => null;

    public TranscriptTables Open(string prefix) => new(Tables(prefix));

    public MemoryTables Tables(string prefix) => _tables.GetOrAdd(prefix, _ => new MemoryTables(prefix, bounds, TimeProvider.System, logger ?? NullLogger.Instance));
}
