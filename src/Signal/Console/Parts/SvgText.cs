using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Signal.Console.Parts;

/// <summary>SVG's <c>text</c>: in Razor's own syntax that word means something else.</summary>
public sealed class SvgText : ComponentBase
{
    /// <summary>Across.</summary>
    [Parameter]
    public double X { get; set; }

    /// <summary>Down.</summary>
    [Parameter]
    public double Y { get; set; }

    /// <summary>Where <see cref="X"/> is: <c>start</c>, <c>middle</c> or <c>end</c>.</summary>
    [Parameter]
    public string Anchor { get; set; } = "start";

    /// <summary>What it says.</summary>
    [Parameter]
    public string Text { get; set; } = "";

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", Plot.Text(X));
        builder.AddAttribute(2, "y", Plot.Text(Y));
        builder.AddAttribute(3, "text-anchor", Anchor);
        builder.AddContent(4, Text);
        builder.CloseElement();
    }
}
