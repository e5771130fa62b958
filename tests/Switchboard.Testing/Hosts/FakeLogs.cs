using Microsoft.Extensions.Logging.Testing;

namespace Switchboard.Testing;

/// <summary>What tests wait for in a log.</summary>
internal static class FakeLogs
{
    /// <summary>Waits until the event <paramref name="id"/> was logged so many times, a minute at most.</summary>
    public static async Task<FakeLogRecord> WaitForAsync(this FakeLogCollector logs, int id, int times)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await foreach (var record in logs.GetLogsAsync(limit.Token))
        {
            if (record.Id.Id == id && --times == 0)
            {
                return record;
            }
        }

        throw new InvalidOperationException("The log ended.");
    }
}
