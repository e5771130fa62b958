using System.Text;

namespace Switchboard.Tests.Http;

/// <summary>Who may tell what happens to calls, what the route takes, and what ends with a call. What is stored of it: <c>ImsTranscriptTests</c>.</summary>
public sealed class ImsEventRouteTests
{
    private const string Token = "callback-token-2f7d-a0c1";
    private const string OperatorKey = "operator-key-91c2-5f7b30ad";
    private const string Path = "/ims/events";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Authorization", "Bearer " + Token, 200)]
    [InlineData("Authorization", "bearer  " + Token, 200)]
    [InlineData("Authorization", Token, 200)]
    [InlineData("Authorization", " " + Token + " ", 200)]
    [InlineData("api-key", Token, 200)]
    [InlineData(null, null, 401)]
    [InlineData("Authorization", "", 401)]
    [InlineData("Authorization", "Bearer", 401)]
    [InlineData("Authorization", "Bearer " + Token + "x", 401)]
    [InlineData("Authorization", "Basic " + Token, 401)]
    [InlineData("Authorization", "Bearer " + TestHost.Key, 401)]
    [InlineData("Authorization", TestHost.Key, 401)]
    [InlineData("Authorization", "Bearer " + OperatorKey, 401)]
    [InlineData("Authorization", OperatorKey, 401)]
    [InlineData("api-key", TestHost.Key, 401)]
    public async Task Post_OnlyAGoodToken_IsLetIn(string? header, string? value, int status)
    {
        await using var host = await StartAsync();
        using var client = host.Connect();
        using var request = Event("""{"event":"agent_start"}""");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var response = await client.SendAsync(request, Cancelled);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.StartsWith("req_", Assert.Single(response.Headers.GetValues("x-request-id")), StringComparison.Ordinal);
        if (status == 401)
        {
            var error = await Json.ReadErrorAsync(response);
            Assert.Equal("invalid_api_key", error.GetProperty("code").GetString());
            Assert.Contains("callback token", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(host.Logs.GetSnapshot(), line => line.Message.Contains(Token, StringComparison.Ordinal) || line.Message.Contains(OperatorKey, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("POST", "/v1/chat/completions")]
    [InlineData("GET", "/v1/models")]
    [InlineData("GET", "/calls")]
    public async Task Token_OpensNothingElse(string method, string path)
    {
        await using var host = await StartAsync(("Transcripts:ConnectionString", "UseDevelopmentStorage=true"));
        using var client = host.Connect();
        foreach (var value in (string[])[$"Bearer {Token}", Token])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? Json.Content(Json.Request()) : null };
            request.Headers.TryAddWithoutValidation("Authorization", value);
            using var response = await client.SendAsync(request, Cancelled);

            Assert.Equal(401, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Post_NoTokenConfigured_SaysWhichSettingIsMissing()
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.Client.SendAsync(Event("""{"event":"agent_stop","instanceId":"call-1"}"""), Cancelled);

        Assert.Equal(404, (int)response.StatusCode);
        var error = await Json.ReadErrorAsync(response);
        Assert.Equal("callbacks_off", error.GetProperty("code").GetString());
        Assert.Contains("Access:CallbackTokens", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    // What IMS may come to send is taken, since a refusal may be repeated for ever.
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"event":"agent_start","instanceId":"call-1","aiAgentId":"a","code":1001,"message":"ok","timestamp":"2026-11-24T20:00:00Z"}""")]
    [InlineData("""{"event":"something_new","instanceId":"call-1","more":{"deep":[1,2,{"a":null}]}}""")]
    [InlineData("""{"event":7,"instanceId":{"id":"call-1"},"extendData":[1],"data":false}""")]
    [InlineData("""{"event":"agent_stop","instanceId":null}""")]
    [InlineData("""{"event":"chat_record","instanceId":"nobody","data":"not JSON"}""")]
    [InlineData("""{"event":"chat_record","instanceId":"nobody","data":{"dialogues":[null,7,"x",{"producer":"agent"},{"text":"by nobody"}]}}""")]
    [InlineData("""{"event":"tts_data_received","instanceId":"nobody","extendData":"{'sentenceId': 3}"}""")]
    [InlineData("""{"event":"error","instanceId":"a\u0000\u202e\ud83d/","code":"\ud83d","message":"\ud83d\r\n"}""")]
    public async Task Post_AnythingThatIsAnObject_IsTaken(string body)
    {
        await using var host = await StartAsync();
        using var response = await SendAsync(host, body);

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("", 400, "invalid_json", null)]
    [InlineData("{", 400, "invalid_json", null)]
    [InlineData("[]", 400, "invalid_json", null)]
    [InlineData("event=agent_stop", 400, "invalid_json", null)]
    public async Task Post_NoObject_Is400(string body, int status, string code, string? param)
    {
        await using var host = await StartAsync();
        using var response = await SendAsync(host, body);

        Assert.Equal(status, (int)response.StatusCode);
        var error = await Json.ReadErrorAsync(response);
        Assert.Equal((code, param), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
    }

    [Theory]
    [InlineData("instanceId", """{"event":"agent_stop","instanceId":"@"}""")]
    [InlineData("sentenceId", """{"event":"chat_record","instanceId":"a","extendData":{"sentenceId":"@"}}""")]
    [InlineData("channelId", """{"event":"agent_stop","instanceId":"a","extendData":{"channelId":"@"}}""")]
    [InlineData("callerNumber", """{"event":"inbound_call","instanceId":"a","extendData":"{\"callerNumber\":\"@\"}"}""")]
    public async Task Post_IdOf5000Characters_IsRefusedAsInATurn(string param, string body)
    {
        await using var host = await StartAsync();
        using var response = await SendAsync(host, body.Replace("@", new string('i', 5000), StringComparison.Ordinal));

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(param, (await Json.ReadErrorAsync(response)).GetProperty("param").GetString());
    }

    [Fact]
    public async Task Post_BodyOverTheLimit_Is413()
    {
        await using var host = await StartAsync(("Limits:MaxRequestBytes", "2048"));
        using var response = await SendAsync(host, $$"""{"event":"audio_record","data":"{{new string('a', 3000)}}"}""");

        Assert.Equal(413, (int)response.StatusCode);
    }

    public static TheoryData<string> Ends => new()
    {
        """{"aiAgentId":"agent-1","instanceId":"call-1","event":"agent_stop","code":1001,"message":"User has been kicked from the room","timestamp":"2026-11-24T20:00:00Z"}""",
        """{"event":"error","instanceId":"call-1","code":"4010","message":"The LLM failed","userData":"","extendData":{"channelId":"c"}}""",
        """{"Event":"AGENT_STOP","InstanceId":"call-1"}""",
        """{"event":"agent_stop","extendData":"{\"instanceId\":\"call-1\",\"channelId\":\"c\"}"}""",
        """{"event":"outbound_call","instanceId":"call-1","extendData":{"callerNumber":"02155550000","calleeNumber":"13812340000","status":"4","callEndTime":"2026-04-01T16:53:58.875932+00:00"}}""",
        """{"event":"inbound_call","instanceId":"call-1","extendData":{"status":"user_hang_up"}}""",
        """{"event":"inbound_call","instanceId":"call-1","data":{"status":"CALL_ENDED"}}""",
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Post_EndOfACall_EndsWhatRunsForItOfEveryKeyAndNoOtherCall(string end)
    {
        using var mine = new GatedChatClient();
        await using var host = await StartAsync(mine, ("Access:ApiKeys:1", TestHost.OtherKey));
        var first = TurnAsync(host, "call-1", "1", TestHost.Key);
        var repeated = TurnAsync(host, "call-1", "1", TestHost.Key);
        var others = TurnAsync(host, "call-1", "1", TestHost.OtherKey);
        var elsewhere = TurnAsync(host, "call-2", "1", TestHost.Key);
        await mine.WaitForAsync(4, Cancelled);

        using var response = await SendAsync(host, end);
        foreach (var turn in new[] { first, repeated, others })
        {
            using var reader = await AnswerReader.OpenAsync(turn);
            (await reader.ReadToEndAsync()).AssertSays("");
        }

        Assert.Equal(200, (int)response.StatusCode);
        Assert.False(elsewhere.IsCompleted);
        Assert.Equal(["caller_left", "caller_left", "caller_left"], (await OutcomesAsync(host, 3)).Order());
        var line = Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Id == 530);
        Assert.Equal(("call-1", "3"), (line.GetStructuredStateValue("Call"), line.GetStructuredStateValue("Cancelled")));
        mine.Say("Hello.");
        mine.End();
        using var rest = await AnswerReader.OpenAsync(elsewhere);
        (await rest.ReadToEndAsync()).AssertSays("Hello.");
    }

    [Theory]
    [InlineData("""{"event":"agent_start","instanceId":"call-1"}""")]
    [InlineData("""{"event":"session_start","instanceId":"call-1","code":1001}""")]
    [InlineData("""{"event":"chat_record","instanceId":"call-1","extendData":{"sentenceId":1},"data":{"dialogues":[]}}""")]
    [InlineData("""{"event":"inbound_call","instanceId":"call-1","extendData":{"status":"answered","hangupRole":0,"callEndTime":""}}""")]
    [InlineData("""{"event":"outbound_call","instanceId":"call-1","extendData":{"status":4}}""")]
    [InlineData("""{"event":"agent_stop","instanceId":"call-2"}""")]
    [InlineData("""{"event":"agent_stop_soon","instanceId":"call-1"}""")]
    public async Task Post_NoEndOfTheCall_LeavesItsTurnAlone(string body)
    {
        using var responder = new GatedChatClient();
        await using var host = await StartAsync(responder);
        var turn = TurnAsync(host, "call-1", "1", TestHost.Key);
        await responder.Asked.WaitAsync(Cancelled);

        using var response = await SendAsync(host, body);
        responder.Say("Hello.");
        responder.End();

        using var reader = await AnswerReader.OpenAsync(turn);
        (await reader.ReadToEndAsync()).AssertSays("Hello.");
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Post_EndInTheMiddleOfAnAnswer_EndsItAsItStands()
    {
        using var responder = new GatedChatClient();
        await using var host = await StartAsync(responder);
        responder.Say("Hello ");
        using var reader = await AnswerReader.OpenAsync(TurnAsync(host, "call-1", "1", TestHost.Key));
        await reader.ReadTextAsync("Hello ");

        using var response = await SendAsync(host, """{"event":"agent_stop","instanceId":"call-1"}""");

        (await reader.ReadToEndAsync()).AssertSays("Hello ");
        await responder.Cancelled.WaitAsync(Cancelled);
        Assert.Equal("caller_left", (await host.WaitForTurnEndAsync("fake")).GetStructuredStateValue("Outcome"));
    }

    [Fact]
    public async Task Post_SeveralEndsOfOneCall_LeaveOneLineWithoutContent()
    {
        await using var host = await StartAsync();
        foreach (var body in (string[])
        [
            """{"event":"error","instanceId":"call-1","code":4010,"message":"secret words"}""",
            """{"event":"agent_stop","instanceId":"call-1","code":1001,"message":"secret words","userData":"secret"}""",
            """{"event":"agent_stop","instanceId":"call-1","code":1001,"message":"secret words","userData":"secret"}""",
            """{"event":"chat_record","instanceId":"call-1","data":{"dialogues":[{"producer":"user","text":"secret"}]}}""",
            """{"event":"inbound_call","instanceId":"call-1","extendData":{"callerNumber":"13812340000"}}""",
        ])
        {
            using var response = await SendAsync(host, body);
            Assert.Equal(200, (int)response.StatusCode);
        }

        Assert.Equal(
            "Call call-1 is over: the platform told error with code 4010; 0 turns of it were still running and were ended",
            Assert.Single(host.Logs.GetSnapshot(), line => line.Id.Id == 530).Message);
        Assert.DoesNotContain(host.Logs.GetSnapshot(), line => $"{line.Message} {string.Join(' ', line.StructuredState ?? [])}" is var text
            && (text.Contains("secret", StringComparison.Ordinal) || text.Contains("1381234", StringComparison.Ordinal)));
    }

    private static Task<TestHost> StartAsync(params (string Name, string Value)[] settings) => StartAsync(null, settings);

    private static Task<TestHost> StartAsync(FakeChatClient? responder, params (string Name, string Value)[] settings) => TestHost.StartAsync(
        responder,
        new Dictionary<string, string?>(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
        {
            ["Access:CallbackTokens:0"] = Token,
            ["Access:OperatorKeys:0"] = OperatorKey,
        });

    private static HttpRequestMessage Event(string body) => new(HttpMethod.Post, Path) { Content = Json.Content(Encoding.UTF8.GetBytes(body)) };

    private static async Task<HttpResponseMessage> SendAsync(TestHost host, string body)
    {
        using var client = host.Connect();
        using var request = Event(body);
        request.Headers.TryAddWithoutValidation("Authorization", Token);
        return await client.SendAsync(request, Cancelled);
    }

    private static async Task<HttpResponseMessage> TurnAsync(TestHost host, string call, string sentence, string key)
    {
        var more = $$""","extendData":{"instanceId":"{{call}}","channelId":"c","sentenceId":{{sentence}}}""";
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json.Content(Json.Request("fake", more: more)) };
        request.Headers.Authorization = new("Bearer", key);
        return await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
    }

    private static async Task<List<string?>> OutcomesAsync(TestHost host, int count)
    {
        var outcomes = new List<string?>();
        await foreach (var record in host.Logs.GetLogsAsync(Cancelled))
        {
            if (record.Id.Id == 100)
            {
                outcomes.Add(record.GetStructuredStateValue("Outcome"));
            }

            if (outcomes.Count == count)
            {
                break;
            }
        }

        return outcomes;
    }
}
