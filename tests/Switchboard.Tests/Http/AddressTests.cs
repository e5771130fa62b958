using System.Net;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;
using Switchboard.Http;

namespace Switchboard.Tests.Http;

/// <summary>The addresses under which platforms find us, however their base URL was typed in.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("/chat/completions")]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/chat/completions/")]
    [InlineData("/chat/completions/")]
    [InlineData("/v1/chat/completions//")]
    [InlineData("//chat/completions")]
    [InlineData("/v1//chat/completions")]
    [InlineData("//v1//chat//completions//")]
    [InlineData("/chat/completions/chat/completions")]
    [InlineData("/v1/chat/completions/chat/completions")]
    [InlineData("/v1/chat/completions/chat/completions/")]
    [InlineData("/v1/chat/completions//chat/completions")]
    [InlineData("/v1/chat/completions/v1/chat/completions")]
    [InlineData("/chat/completions/v1/chat/completions")]
    [InlineData("/v1/v1/chat/completions")]
    [InlineData("/V1/Chat/Completions")]
    [InlineData("/v1/chat/completions/chat/completions?call=c-1")]
    public async Task Post_AnyAddressOfTheCompletions_IsATurn(string path)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.PostAsync(Json.Request(stream: false), Absolute(host, path));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("chat.completion", (await Json.ReadAsync(response)).GetProperty("object").GetString());
    }

    [Theory]
    [InlineData("/models")]
    [InlineData("/models/")]
    [InlineData("//models")]
    [InlineData("/v1/models")]
    [InlineData("/v1//models/")]
    [InlineData("/v1/v1/models")]
    [InlineData("/models/models")]
    [InlineData("/v1/models/models")]
    [InlineData("/chat/completions/models")]
    [InlineData("/v1/chat/completions/models")]
    [InlineData("/v1/chat/completions/v1/models")]
    public async Task Get_AnyAddressOfTheModels_ListsThem(string path)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.Client.GetAsync(Absolute(host, path), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("list", (await Json.ReadAsync(response)).GetProperty("object").GetString());
    }

    [Theory]
    [InlineData("POST", "/v1/chat/completion", HttpStatusCode.NotFound)]
    [InlineData("POST", "/v1/chat/completions/other", HttpStatusCode.NotFound)]
    [InlineData("POST", "/v1/chat/completions/chat", HttpStatusCode.NotFound)]
    [InlineData("POST", "/v2/chat/completions", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/chat/completions/chat/completions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/v1/chat/completions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/v1/chat/completions/models", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/v1/models/demo", HttpStatusCode.MethodNotAllowed)]
    public async Task Send_OtherAddressOrMethod_IsNone(string method, string path, HttpStatusCode status)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("/v1/models/demo", "demo")]
    [InlineData("/models/demo/", "demo")]
    [InlineData("/v1/models/qwen/qwen-flash", "qwen/qwen-flash")]
    [InlineData("/v1/models/qwen%2Fqwen-flash", "qwen/qwen-flash")]
    [InlineData("/models/a%20b", "a b")]
    [InlineData("/v1/chat/completions/models/demo", "demo")]
    [InlineData("/models/accounts/x/models/y", "accounts/x/models/y")]
    [InlineData("/models/models", null)]
    public async Task GetModel_ById_IsThatOne(string path, string? id)
    {
        await using var host = await StartAsync("qwen/qwen-flash", "a b", "accounts/x/models/y");
        using var response = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);

        var model = await Json.ReadAsync(response);
        Assert.Equal((id is null ? "list" : "model", id), (model.GetProperty("object").GetString(), id is null ? null : model.GetProperty("id").GetString()));
        Assert.Equal(id is null ? ["data", "object"] : ["id", "created", "object", "owned_by"], model.EnumerateObject().Select(field => field.Name));
    }

    [Theory]
    [InlineData("/v1/models/other")]
    [InlineData("/v1/models/Demo")]
    [InlineData("/v1/models/demo/x")]
    [InlineData("/v1/models/%2e%2e%2fdemo")]
    [InlineData("/v1/models/%00")]
    public async Task GetModel_Unknown_Is404(string path)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);

        if (path.EndsWith("%00", StringComparison.Ordinal))
        {
            // Kestrel refuses it.
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            return;
        }

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("model_not_found", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    // Whoever asks without a key must not have this app search for long: behind the Functions host nobody takes several slashes for one before.
    [Theory]
    [InlineData("/v1/v1/models", "/", "\nx", Routes.Model)]
    [InlineData("/v1/v1/models/x", "/", "\nx", Routes.Model)]
    [InlineData("/v1/v1/models", "/", "", Routes.Models)]
    [InlineData("/v1", "/", "x", null)]
    [InlineData("/chat/completions", "/v1", "\nx", null)]
    [InlineData("/chat", "//completions/chat", "x", null)]
    [InlineData("/v1", "/", "chat/completions", Routes.ChatCompletions)]
    public void RouteOf_LongAddress_IsReadInOneGo(string begin, string middle, string end, string? route)
    {
        var request = new DefaultHttpContext().Request;
        request.Path = begin + string.Concat(Enumerable.Repeat(middle, 16_000 / middle.Length)) + end;

        // It would throw after a second.
        Assert.Equal(route, RepeatedAddress.RouteOf(request));
    }

    [Theory]
    [InlineData("/v1/models/demo")]
    [InlineData("/v1/models/nobody")]
    [InlineData("/v1/chat/completions/models")]
    public async Task GetModel_WithoutAKey_Is401(string path)
    {
        await using var host = await TestHost.StartAsync();
        using var client = host.Connect();
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    // Two slashes at the begin would name another host.
    private static string Absolute(TestHost host, string path) => host.Address.GetLeftPart(UriPartial.Authority) + path;

    private static Task<TestHost> StartAsync(params string[] ids) => TestHost.StartAsync(
        settings: ids.Index().ToDictionary(id => $"Models:{id.Index + 1}:Id", id => (string?)id.Item));
}
