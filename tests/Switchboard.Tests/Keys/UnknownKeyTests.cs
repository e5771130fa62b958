using Microsoft.AspNetCore.Http;
using Switchboard.Contract;
using Switchboard.Keys;
using Switchboard.Vault;

namespace Switchboard.Tests.Keys;

/// <summary>docs/decisions/0002-unknown-key-waits-briefly.md, sentence by sentence.</summary>
public sealed class UnknownKeyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demand_KeyAddedSinceTheLastRefresh_WorksAtItsFirstRequest()
    {
        await using var rig = await StartedAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"), Version("v2", "key-2-4f8b2d6a9c0e7315"));

        await rig.Check.DemandAsync(Request("key-2-4f8b2d6a9c0e7315"), Cancelled);

        Assert.Equal(2, rig.Vault.Lists);
    }

    [Fact]
    public async Task Demand_ThousandBadKeysAtOnce_CauseOneRefresh()
    {
        await using var rig = await StartedAsync();
        var release = Gate(rig);
        var refusals = Enumerable.Range(0, 1000).Select(number => RefusedAsync(rig, $"bad-{number}")).ToList();
        release.SetResult();

        Assert.All(await Task.WhenAll(refusals), refusal => Assert.Equal(401, refusal.Status));

        Assert.Equal(2, rig.Vault.Lists);
    }

    [Fact]
    public async Task Demand_SecondBadKeyWithin10Seconds_IsRefusedAtOnceWithoutAskingTheVault()
    {
        await using var rig = await StartedAsync();
        await RefusedAsync(rig, "bad-1");
        rig.Vault.Failure = _ => throw new InvalidOperationException("The vault must not be asked.");

        rig.Time.Advance(TimeSpan.FromSeconds(9.9));
        var refused = rig.Check.DemandAsync(Request("bad-2"), Cancelled).AsTask();

        Assert.True(refused.IsCompleted);
        Assert.Equal(401, (await Assert.ThrowsAsync<ApiException>(() => refused)).Status);
        Assert.Equal(2, rig.Vault.Lists);
    }

    [Fact]
    public async Task Demand_BadKeyAfter10Seconds_AsksTheVaultAgain()
    {
        await using var rig = await StartedAsync();
        await RefusedAsync(rig, "bad-1");

        rig.Time.Advance(VaultRefresh.EarlyInterval);
        await RefusedAsync(rig, "bad-1");

        Assert.Equal(3, rig.Vault.Lists);
    }

    [Fact]
    public async Task Demand_VaultHangs_RefusesTheUnknownKeyAfter2SecondsAndNeverHoldsTheKnownOne()
    {
        await using var rig = await StartedAsync();
        Gate(rig);
        var refused = RefusedAsync(rig, "key-2-4f8b2d6a9c0e7315");
        await rig.Time.WaitForTimerAsync(wait => wait == VaultRefresh.MaxWait, Cancelled);
        Assert.True(rig.Check.DemandAsync(Request("key-1-4f8b2d6a9c0e7315"), Cancelled).AsTask().IsCompletedSuccessfully);

        rig.Time.Advance(VaultRefresh.MaxWait - TimeSpan.FromMilliseconds(1));
        Assert.False(refused.IsCompleted);
        rig.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(401, (await refused).Status);
        Assert.True(rig.Check.DemandAsync(Request("key-1-4f8b2d6a9c0e7315"), Cancelled).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Demand_CallerLeavesWhileWaiting_EndsTheWaitAndNotTheRefresh()
    {
        await using var rig = await StartedAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"), Version("v2", "key-2-4f8b2d6a9c0e7315"));
        var release = Gate(rig);
        using var caller = new CancellationTokenSource();
        var waiting = rig.Check.DemandAsync(Request("key-2-4f8b2d6a9c0e7315"), caller.Token).AsTask();
        await rig.Time.WaitForTimerAsync(wait => wait == VaultRefresh.MaxWait, Cancelled);

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        release.SetResult();

        await rig.Refresh.RefreshEarlyAsync(Cancelled);
        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-2-4f8b2d6a9c0e7315"));
    }

    [Fact]
    public async Task Demand_BeforeTheFirstLoad_WaitsForIt()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        var release = Gate(rig);
        await rig.Refresh.StartAsync(Cancelled);

        var demand = rig.Check.DemandAsync(Request("key-1-4f8b2d6a9c0e7315"), Cancelled).AsTask();
        await rig.Time.WaitForTimerAsync(wait => wait == VaultRefresh.MaxWait, Cancelled);
        Assert.False(demand.IsCompleted);
        release.SetResult();

        await demand;
        Assert.Equal(1, rig.Vault.Lists);
    }

    [Fact]
    public async Task Demand_NeverLoaded_IsRefusedWith503AndTheTimeOfTheNextTry()
    {
        await using var rig = await VaultRig.CreateAsync("configured-key-4f8b2d6a9c0e7315");
        rig.Vault.Failure = async context =>
        {
            await StandInVault.ErrorAsync(context, 500, "InternalServerError");
            return true;
        };
        await rig.StartAsync();
        Assert.Equal(1, (await RefusedAsync(rig, null)).RetryAfter?.TotalSeconds);

        var first = await RefusedAsync(rig, "key-1-4f8b2d6a9c0e7315");
        rig.Time.Advance(TimeSpan.FromSeconds(4));
        var second = await RefusedAsync(rig, "key-1-4f8b2d6a9c0e7315");
        var withoutKey = await RefusedAsync(rig, null);

        Assert.All([first, second, withoutKey], refusal => Assert.Equal((503, "access_unavailable"), (refusal.Status, refusal.Code)));
        Assert.Equal(10, first.RetryAfter?.TotalSeconds);
        Assert.Equal(6, second.RetryAfter?.TotalSeconds);
        await rig.Check.DemandAsync(Request("configured-key-4f8b2d6a9c0e7315"), Cancelled);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("schlüssel")]
    public async Task Demand_WhatCannotBeAKey_NeverAsksTheVault(string? key)
    {
        await using var rig = await StartedAsync();

        var refusal = await RefusedAsync(rig, key);

        Assert.Equal(401, refusal.Status);
        Assert.Equal(1, rig.Vault.Lists);
    }

    [Fact]
    public async Task Demand_KnownKey_AllocatesNothingBeyondTheDigest()
    {
        // Not on the test's clock, which allocates.
        var check = new BearerCheck(new KeyRing(["key-1-4f8b2d6a9c0e7315"], hasVault: false, TimeProvider.System), "API key", vault: null);
        var request = Request("key-1-4f8b2d6a9c0e7315");
        Assert.True(check.DemandAsync(request, Cancelled).AsTask().IsCompletedSuccessfully);

        var cancelled = Cancelled;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var count = 0; count < 1000; count++)
        {
            // It is done at once, so nothing is allocated to wait for it.
            _ = await check.DemandAsync(request, cancelled);
        }

        // An array of 32 bytes is 56 bytes in a 64-bit process.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 0, 56);
    }

    private static async Task<VaultRig> StartedAsync()
    {
        var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        await rig.StartAsync();
        return rig;
    }

    private static TaskCompletionSource Gate(VaultRig rig)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Vault.Failure = async context =>
        {
            await release.Task.WaitAsync(context.RequestAborted);
            return false;
        };
        return release;
    }

    private static Task<ApiException> RefusedAsync(VaultRig rig, string? key) =>
        Assert.ThrowsAsync<ApiException>(() => rig.Check.DemandAsync(Request(key), Cancelled).AsTask());

    private static HttpRequest Request(string? key)
    {
        var request = new DefaultHttpContext().Request;
        if (key is not null)
        {
            request.Headers.Authorization = $"Bearer {key}";
        }

        return request;
    }

    private static StandInVersion Version(string id, string value) => new(VaultRig.Secret, id, value);
}
