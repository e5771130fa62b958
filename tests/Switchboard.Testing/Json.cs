using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Switchboard.Testing;

/// <summary>JSON in and out of a test.</summary>
internal static class Json
{
    public static ByteArrayContent Content(string json) => Content(Encoding.UTF8.GetBytes(json));

    public static ByteArrayContent Content(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>A request for <paramref name="model"/> in which the caller said <paramref name="said"/>; <paramref name="more"/> is further fields.</summary>
    public static string Request(string model = "demo", string said = "Hello", bool stream = true, string more = "") =>
        $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":{{JsonEncodedText.Encode(said).ToString().Insert(0, "\"")}}"}]{{more}}}""";

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }

    /// <summary>The error object of an answer; its four fields must all be there.</summary>
    public static async Task<JsonElement> ReadErrorAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var error = (await ReadAsync(response)).GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(field => field.Name));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        return error;
    }
}
