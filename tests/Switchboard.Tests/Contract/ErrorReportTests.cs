using System.Text;
using Switchboard.Contract;

namespace Switchboard.Tests.Contract;

/// <summary>What may be told of an upstream's error, in the forms that services have for it.</summary>
public sealed class ErrorReportTests
{
    // Body, what is told of it.
    public static TheoryData<string, string?> Bodies => new()
    {
        // OpenAI
        { """{"error":{"message":"secret","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}""", "unsupported_parameter, invalid_request_error, param max_tokens" },
        { """{"error":{"message":"secret","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""", "insufficient_quota" },
        { """{"error":{"message":"secret","type":"invalid_request_error","param":"messages[2].content","code":null}}""", "invalid_request_error, param messages[2].content" },
        // Azure
        { """{"error":{"code":"DeploymentNotFound","message":"secret"}}""", "DeploymentNotFound" },
        { """{"error":{"code":"Forbidden","message":"secret","innererror":{"code":"ForbiddenByFirewall"}}}""", "Forbidden, ForbiddenByFirewall" },
        { """{"error":{"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true}}},"message":"secret","type":null,"param":"prompt","code":"content_filter","status":400}}""", "content_filter, ResponsibleAIPolicyViolation, param prompt" },
        { """{"error":{"innererror":{"code":"OnlyThis"}}}""", "OnlyThis" },
        { """{"statusCode":401,"message":"secret"}""", null },
        // FastAPI
        { """{"detail":"Not Found"}""", null },
        { """{"detail":"secret"}""", null },
        { """{"detail":[{"type":"missing","loc":["body","messages",0,"content"],"msg":"secret","input":{"type":"secret"}}]}""", "missing, param body.messages.0.content" },
        { """{"detail":{"code":"model_not_loaded","message":"secret"}}""", "model_not_loaded" },
        // Google
        { """[{"error":{"code":404,"message":"secret","status":"NOT_FOUND","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}]""", "NOT_FOUND, API_KEY_INVALID" },
        // DashScope, vLLM, Anthropic, Cloudflare, gRPC, Hugging Face
        { """{"code":"InvalidApiKey","message":"secret","request_id":"8b2e"}""", "InvalidApiKey" },
        { """{"object":"error","message":"secret","type":"NotFoundError","param":null,"code":404}""", "NotFoundError" },
        { """{"type":"error","error":{"type":"not_found_error","message":"secret"}}""", "not_found_error" },
        { """{"success":false,"errors":[{"code":10000,"message":"secret"}],"result":null}""", "10000" },
        { """{"code":5,"message":"secret","details":[]}""", "5" },
        { """{"error":"secret","error_type":"validation"}""", "validation" },
        // No identifiers
        { """{"error":"secret"}""", null },
        { """{"error":{"code":"the caller said secret","type":"secret\n101 Error","param":"+49 30 123456"}}""", null },
        { """{"error":{"code":"+4930123456","type":"4930123456","param":"t4930123456"}}""", null },
        { """{"error":{"code":"\u0065vil\u202e","type":"naïve","param":"<b>"}}""", null },
        { """{"error":{"code":{"code":{"x":1}},"type":["a"],"param":true}}""", null },
        { $$$"""{"error":{"code":"{{{new string('a', 65)}}}"}}""", null },
        { """{"error":{"code":200,"type":"","param":null}}""", null },
        { """{"\ud83d":1,"error":{"code":"BesideABadName","\udc00":2}}""", "BesideABadName" },
        // No such JSON
        { "", null },
        { " \r\n", null },
        { "17", null },
        { "\"secret\"", null },
        { "null", null },
        { "[]", null },
        { "<!DOCTYPE html><title>secret</title>", null },
        { "upstream connect error or disconnect/reset before headers: secret", null },
        { "{\"error\":{\"code\":\"Cut", null },
        { "{\"error\":{\"code\":\"BeforeTheCut\",\"message\":\"sec", "BeforeTheCut" },
        { "{\"error\":{\"type\":\"a_type\",\"code\":\"BeforeTheCut\"", "BeforeTheCut, a_type" },
        { "[{\"error\":{\"code\":404,\"status\":\"NOT_FOUND\",\"details\":[{\"reason\":", "NOT_FOUND" },
        { "\ufeff{\"error\":{\"code\":\"AfterTheMark\"}}", "AfterTheMark" },
        { "{\"error\":{\"code\":\"Whole\"}}{]", "Whole" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void ReadBody_AnyForm_TellsIdentifiersOnly(string body, string? told)
    {
        var report = ErrorReport.ReadBody(Encoding.UTF8.GetBytes(body), out _);

        Assert.Equal(told, report.Describe());
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void ReadBody_CutAnywhere_TellsAPartOrNothing(string body, string? told)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var words = told?.Replace("param ", "", StringComparison.Ordinal).Split(", ") ?? [];
        for (var length = 0; length < bytes.Length; length++)
        {
            var part = ErrorReport.ReadBody(bytes.AsSpan(0, length), out _);

            // Of an envelope that is cut its own words count, which the whole may not tell.
            Assert.All(new[] { part.Code, part.Type, part.Param }.OfType<string>(), word => Assert.True(words.Contains(word) || word is "error", word));
        }
    }

    [Theory]
    [InlineData("{\"a\":[1,2", false)]
    [InlineData("{", false)]
    [InlineData("", false)]
    [InlineData("[{\"error\":{}}", false)]
    [InlineData("{\"a\":[1,2]}", true)]
    [InlineData("[{\"error\":{}}]", true)]
    [InlineData("<html>", true)]
    public void ReadBody_SaysWhetherMoreMayCome(string body, bool isOver)
    {
        _ = ErrorReport.ReadBody(Encoding.UTF8.GetBytes(body), out var is1);

        Assert.Equal(isOver, is1);
    }

    [Fact]
    public void ReadBody_NestedDeeply_IsNotFollowed()
    {
        var body = string.Concat(Enumerable.Repeat("{\"error\":", 60)) + "{\"code\":\"Deep\"}" + new string('}', 60);

        Assert.Null(ErrorReport.ReadBody(Encoding.UTF8.GetBytes(body), out _).Describe());
    }

    [Theory]
    [InlineData("sk-proj-abcdef", null)]
    [InlineData("abcdef", null)]
    [InlineData("prefix-sk-proj-abcdef", null)]
    [InlineData("invalid_api_key", "invalid_api_key")]
    public void Without_TheKey_IsNotTold(string code, string? told) =>
        Assert.Equal(told, ErrorReport.ReadBody(Encoding.UTF8.GetBytes($$$"""{"error":{"code":"{{{code}}}"}}"""), out _).Without("sk-proj-abcdef").Describe());
}
