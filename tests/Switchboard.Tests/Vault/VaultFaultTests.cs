using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Switchboard.Keys;
using Switchboard.Vault;

namespace Switchboard.Tests.Vault;

/// <summary>Every way in which a vault fails, before a first load and after one.</summary>
public sealed class VaultFaultTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    public static TheoryData<string> Rows => VaultFaultRow.Names;

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Refresh_NeverLoaded_LetsNobodyInAndTriesAgainSoon(string row)
    {
        var failure = VaultFaultRow.All[row];
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        rig.Vault.Failure = With(failure.Answer);

        Assert.Equal(VaultRefresh.EarlyInterval, await rig.StartAsync());

        Assert.Equal(failure.Requests, rig.Vault.Requests.Count);
        Assert.Equal(KeyCheck.Unavailable, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.StartsWith("access: ", rig.Health.Reason(), StringComparison.Ordinal);
        Assert.Contains(failure.Reason, rig.Health.Reason(), StringComparison.Ordinal);
        Assert.Contains($"Error Secret {VaultRig.Secret} could not be loaded yet", rig.LogText, StringComparison.Ordinal);
        Assert.Contains(failure.Reason, rig.LogText, StringComparison.Ordinal);
        Assert.DoesNotContain("LEAK", rig.LogText, StringComparison.Ordinal);

        rig.Vault.Failure = null;
        Assert.Equal(Interval, await rig.NextAsync(VaultRefresh.EarlyInterval));

        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.Null(rig.Health.Reason());
        Assert.Empty(rig.Health.Warnings());
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Refresh_AfterALoad_KeepsTheKeysAndWarnsWithTheirAge(string row)
    {
        var failure = VaultFaultRow.All[row];
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        await rig.StartAsync();
        rig.Vault.Failure = With(failure.Answer);

        Assert.Equal(VaultRefresh.EarlyInterval, await rig.NextAsync(Interval));

        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.Equal(KeyCheck.Rejected, rig.CheckOf("key-2-4f8b2d6a9c0e7315"));
        Assert.Null(rig.Health.Reason());
        var warning = Assert.Single(rig.Health.Warnings());
        Assert.Contains("last loaded 00:05:00 ago", warning, StringComparison.Ordinal);
        Assert.Contains(failure.Reason, warning, StringComparison.Ordinal);
        var line = Assert.Single(rig.Log.GetSnapshot(), record => record.Level == LogLevel.Warning);
        Assert.Contains("What was loaded 00:05:00 ago stays in force", line.Message, StringComparison.Ordinal);
        Assert.Contains(failure.Reason, line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LEAK", rig.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_OutageTooLong_LetsNobodyInUntilTheVaultIsBack()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        await rig.StartAsync();
        rig.Vault.Failure = With(VaultFaultRow.All["role missing"].Answer);
        var longest = new KeyVaultOptions().LongestOutage;

        rig.Time.Advance(longest - TimeSpan.FromTicks(1));
        var pause = await rig.WaitForPauseAsync();
        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.Null(rig.Health.Reason());

        await rig.NextAsync(pause);
        Assert.Equal(KeyCheck.Unavailable, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.True(rig.Health.Age() >= longest);
        Assert.Contains("the keys are no longer accepted, because they are older than Access:KeyVault:LongestOutage, last loaded 12:00:0", rig.Health.Reason(), StringComparison.Ordinal);
        Assert.Contains(rig.Log.GetSnapshot(), line => line.Level == LogLevel.Error && line.Id.Id == 309 && line.Message.Contains("403 Forbidden", StringComparison.Ordinal));

        rig.Vault.Failure = null;
        await rig.NextAsync(VaultRefresh.EarlyInterval * 2);
        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.Null(rig.Health.Reason());
    }

    [Fact]
    public async Task Refresh_VersionsListedButAValueDenied_KeepsTheKeysForAsLongAsThatLasts()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        await rig.StartAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"), Version("v2", "key-2-4f8b2d6a9c0e7315"));
        rig.Vault.Failure = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/v2", StringComparison.Ordinal))
            {
                await StandInVault.ErrorAsync(context, 403, "Forbidden", "ForbiddenByRbac");
                return true;
            }

            return false;
        };

        // The vault says at each refresh that the first version still counts.
        await rig.NextAsync(TimeSpan.FromHours(11));
        await rig.NextAsync(TimeSpan.FromHours(11));

        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
    }

    [Fact]
    public async Task Refresh_VaultHangs_EndsAtTheDeadlineAndTheNextOneComes()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        var arrived = new TaskCompletionSource();
        rig.Vault.Failure = async context =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            return true;
        };
        await rig.Refresh.StartAsync(TestContext.Current.CancellationToken);
        await arrived.Task;
        Assert.Equal("access: the keys are being loaded from the key vault", rig.Health.Reason());

        Assert.Equal(VaultRefresh.EarlyInterval, await rig.NextAsync(VaultRefresh.Deadline));

        Assert.Contains("answered in time", rig.Health.Reason(), StringComparison.Ordinal);
        rig.Vault.Failure = null;
        await rig.NextAsync(VaultRefresh.EarlyInterval);
        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refresh_CredentialOrClientHangsAndHeedsNoCancellation_EndsAtTheDeadlineAndTheNextOneComes(bool isCredential)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await VaultRig.CreateAsync(connection =>
        {
            if (isCredential)
            {
                return connection with { Credential = new HangingOnce(arrived) };
            }

            connection.Options.Transport = new HangingOnceTransport(connection.Options.Transport, arrived);
            return connection;
        });
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        await rig.Refresh.StartAsync(TestContext.Current.CancellationToken);
        await arrived.Task;

        Assert.Equal(VaultRefresh.EarlyInterval, await rig.NextAsync(VaultRefresh.Deadline));

        Assert.Contains("answered in time", rig.Health.Reason(), StringComparison.Ordinal);
        Assert.Equal(Interval, await rig.NextAsync(VaultRefresh.EarlyInterval));
        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
    }

    [Fact]
    public async Task Refresh_VaultIsGone_SaysThatItCannotBeReached()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        await rig.StartAsync();
        await rig.Vault.DisposeAsync();

        await rig.NextAsync(Interval);

        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.Contains("the key vault cannot be reached", Assert.Single(rig.Health.Warnings()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task Refresh_OneBadAnswer_IsRetriedWithinTheRefresh(int status)
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        var isFirst = true;
        rig.Vault.Failure = async context =>
        {
            if (isFirst)
            {
                isFirst = false;
                await StandInVault.ErrorAsync(context, status, "Transient");
                return true;
            }

            return false;
        };

        Assert.Equal(Interval, await rig.StartAsync());

        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
    }

    [Theory]
    [InlineData(429, 45, 45)]
    [InlineData(503, 45, 45)]
    [InlineData(429, 1, 10)]
    [InlineData(429, 7200, 300)]
    public async Task Refresh_RetryAfter_IsHonouredUpToTheInterval(int status, int asked, int pause)
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Failure = async context =>
        {
            context.Response.Headers.RetryAfter = asked.ToString(CultureInfo.InvariantCulture);
            await StandInVault.ErrorAsync(context, status, "Throttled");
            return true;
        };

        Assert.Equal(TimeSpan.FromSeconds(pause), await rig.StartAsync());

        Assert.Single(rig.Vault.Requests);
        Assert.Equal(TimeSpan.FromSeconds(Math.Min(asked, 300)), rig.Refresh.NextEarly);
    }

    [Fact]
    public async Task Refresh_RetryAfterAsADate_IsHonoured()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Failure = async context =>
        {
            context.Response.Headers.RetryAfter = rig.Time.GetUtcNow().AddSeconds(45).ToString("R", CultureInfo.InvariantCulture);
            await StandInVault.ErrorAsync(context, 429, "Throttled");
            return true;
        };

        Assert.Equal(TimeSpan.FromSeconds(45), await rig.StartAsync());
    }

    [Fact]
    public async Task Refresh_FailsAgainAndAgain_PausesLongerUpToTheInterval()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Failure = With(VaultFaultRow.All["role missing"].Answer);

        var pauses = new List<TimeSpan> { await rig.StartAsync() };
        while (pauses.Count < 7)
        {
            pauses.Add(await rig.NextAsync(pauses[^1]));
        }

        Assert.Equal([10, 20, 40, 80, 160, 300, 300], pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task Refresh_ListThatNeverEnds_EndsAtTheDeadline()
    {
        await using var rig = await VaultRig.CreateAsync();
        var pages = 0;
        var manyPages = new TaskCompletionSource();
        rig.Vault.Failure = async context =>
        {
            if (Interlocked.Increment(ref pages) == 50)
            {
                manyPages.SetResult();
            }

            await context.Response.WriteAsync(
                $$"""{"value":[],"nextLink":"https://{{StandInVault.Host}}/secrets/{{VaultRig.Secret}}/versions?api-version=7.5&skip=1"}""", context.RequestAborted);
            return true;
        };
        await rig.Refresh.StartAsync(TestContext.Current.CancellationToken);
        await manyPages.Task;

        Assert.Equal(VaultRefresh.EarlyInterval, await rig.NextAsync(VaultRefresh.Deadline));

        Assert.Contains("answered in time", rig.Health.Reason(), StringComparison.Ordinal);
    }

    private static Func<HttpContext, Task<bool>> With(Func<HttpContext, Task> answer) => async context =>
    {
        await answer(context);
        return true;
    };

    private static StandInVersion Version(string id, string value) => new(VaultRig.Secret, id, value);

    /// <summary>A credential whose first answer never comes, whatever is cancelled.</summary>
    private sealed class HangingOnce(TaskCompletionSource arrived) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            if (arrived.TrySetResult())
            {
                await new TaskCompletionSource().Task;
            }

            return await new FixedToken().GetTokenAsync(requestContext, cancellationToken);
        }
    }

    /// <summary>A transport whose first answer never comes, whatever is cancelled.</summary>
    private sealed class HangingOnceTransport(HttpPipelineTransport inner, TaskCompletionSource arrived) : HttpPipelineTransport
    {
        public override Request CreateRequest() => inner.CreateRequest();

        public override void Process(HttpMessage message) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message)
        {
            if (arrived.TrySetResult())
            {
                await new TaskCompletionSource().Task;
            }

            await inner.ProcessAsync(message);
        }
    }
}
