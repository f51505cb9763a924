package colorme

// DisplayState is who sees something in the shop. Products, stocks and advertisings use
// showing, hidden, showing_for_members and sale_for_members; groups and categories use
// showing, hidden and members_only; deliveries use showing and hidden. Open set.
type DisplayState string

// Values of DisplayState.
const (
	DisplayShowing           DisplayState = "showing"
	DisplayHidden            DisplayState = "hidden"
	DisplayShowingForMembers DisplayState = "showing_for_members" // members see it
	DisplaySaleForMembers    DisplayState = "sale_for_members"    // all see it, members may buy it
	DisplayMembersOnly       DisplayState = "members_only"        // groups and categories
)
