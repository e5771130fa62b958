using System.Text.Json;
using HostStandIn.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace HostStandIn;

/// <summary>A function with an HTTP trigger.</summary>
internal sealed record FunctionOfWorker(string Id, string Name, string Parameter, string Route, IReadOnlyList<string> Methods)
{
    private static readonly DefaultInlineConstraintResolver Constraints = Resolver();

    private readonly TemplateMatcher _route = new(TemplateParser.Parse(Route), []);

    private readonly (string Key, IRouteConstraint Constraint)[] _constraints =
    [
        .. TemplateParser.Parse(Route).Parameters.SelectMany(part => part.InlineConstraints.Select(inline => (part.Name!, Constraints.ResolveConstraint(inline.Constraint)!))),
    ];

    public static FunctionOfWorker Of(FunctionMetadata function)
    {
        foreach (var binding in function.RawBindings)
        {
            using var json = JsonDocument.Parse(binding);
            var root = json.RootElement;
            if (root.GetProperty("type").ValueEquals("httpTrigger"))
            {
                return new FunctionOfWorker(
                    function.FunctionId,
                    function.Name,
                    root.GetProperty("name").GetString()!,
                    root.GetProperty("route").GetString()!,
                    [.. root.GetProperty("methods").EnumerateArray().Select(method => method.GetString()!)]);
            }
        }

        throw new InvalidOperationException($"{function.Name} has no HTTP trigger; this host knows no other.");
    }

    public bool Answers(HttpRequest request)
    {
        var values = new RouteValueDictionary();
        return Methods.Contains(request.Method, StringComparer.OrdinalIgnoreCase) && _route.TryMatch(request.Path, values)
            // Of an optional part that is not there nothing is demanded, as ASP.NET Core and the host have it.
            && Array.TrueForAll(_constraints, each => !values.ContainsKey(each.Key) || each.Constraint.Match(request.HttpContext, route: null, each.Key, values, RouteDirection.IncomingRequest));
    }

    private static DefaultInlineConstraintResolver Resolver()
    {
        var options = new RouteOptions();
        options.SetParameterPolicy<RegexInlineRouteConstraint>("regex");
        return new DefaultInlineConstraintResolver(Options.Create(options), new ServiceCollection().BuildServiceProvider());
    }
}

/// <summary>What a worker has said of itself.</summary>
/// <param name="Http">Where it takes forwarded requests.</param>
/// <param name="Functions">What it answers.</param>
internal sealed record FunctionsOfWorker(Uri Http, IReadOnlyList<FunctionOfWorker> Functions);
